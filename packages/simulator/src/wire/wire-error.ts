/** Errors as the OpenAI API words them; every message says that a simulator speaks. */

export interface WireError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

export function badRequest(
  message: string,
  param: string | null,
  code: string | null = "invalid_value",
): WireError {
  return { status: 400, message, type: "invalid_request_error", param, code };
}

export const serverError: WireError = {
  status: 500,
  message: "The server had an error while processing your request.",
  type: "server_error",
  param: null,
  code: null,
};

export function rateLimited(model: string): WireError {
  return {
    status: 429,
    message: `Rate limit reached for ${model}. Please try again later.`,
    type: "requests",
    param: null,
    code: "rate_limit_exceeded",
  };
}

export function errorResponse(error: WireError, headers: Readonly<Record<string, string>> = {}): Response {
  const { status, message, type, param, code } = error;
  return Response.json(
    { error: { message: `${message} (colophon simulator)`, type, param, code } },
    { status, headers },
  );
}
