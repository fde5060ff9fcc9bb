/** Writes messages as the AI SDK takes them: instructions apart, media as files, cache breakpoints where Anthropic's cache may end. */
import type { ContentPart, Media, Message } from "@colophon/kernel";
import { mediaKind, mediaRefused } from "../media-kind.ts";
import type { AiProviderOptions } from "./ai-settings.ts";

export interface AiSystemMessage {
  role: "system";
  content: string;
  providerOptions?: AiProviderOptions;
}

export interface AiTextPart {
  type: "text";
  text: string;
}

export interface AiFilePart {
  type: "file";
  /** Bytes, or a URL. */
  data: string | Uint8Array;
  mediaType: string;
  filename?: string;
}

export interface AiUserMessage {
  role: "user";
  content: string | (AiTextPart | AiFilePart)[];
  providerOptions?: AiProviderOptions;
}

export interface AiAssistantMessage {
  role: "assistant";
  content: string | (AiTextPart | AiFilePart)[];
  providerOptions?: AiProviderOptions;
}

export type AiMessage = AiSystemMessage | AiUserMessage | AiAssistantMessage;

/** The words of a prompt in the AI SDK's arguments. */
export interface AiWords {
  /** The system messages that the prompt begins with, as version 7 names them. */
  instructions?: string | AiSystemMessage[];
  /** The same as version 6 names them. */
  system?: string | AiSystemMessage[];
  messages: AiMessage[];
  /** Only where a system message stands between others. */
  allowSystemInMessages?: boolean;
}

/** What the words are written from. */
export interface AiProse {
  readonly messages: readonly Message[];
  /** Indexes of the messages after which a provider's cache may end. */
  readonly cached: ReadonlySet<number>;
  /** Writes the id of an uploaded file as the model's provider takes it. */
  readonly fileData: (fileId: string) => AiFilePart["data"];
}

/** @throws HarnessError `variable-type` for a medium that the AI SDK cannot take. */
export function aiWords({ messages, cached, fileData }: AiProse): AiWords {
  const isSystem = ({ role }: Message): boolean => role === "system";
  const written = messages.map((message, index) =>
    aiMessage(message, { fileData, cached: cached.has(index) }),
  );
  const first = messages.findIndex((message) => !isSystem(message));
  const lead = first < 0 ? messages.length : first;
  const words: AiWords = { messages: written.slice(lead) };
  if (lead > 0) {
    const system = written.slice(0, lead) as AiSystemMessage[];
    const [only] = system as [AiSystemMessage];
    const plain = system.length === 1 && only.providerOptions === undefined;
    words.instructions = plain ? only.content : system;
    words.system = words.instructions;
  }
  if (messages.slice(lead).some(isSystem)) words.allowSystemInMessages = true;
  return words;
}

const CLIENT = "the AI SDK";

interface MessageWay {
  readonly fileData: AiProse["fileData"];
  /** A provider's cache may end after it. */
  readonly cached: boolean;
}

function aiMessage({ role, content, parts }: Message, { fileData, cached }: MessageWay): AiMessage {
  // Other providers leave the options of one that they are not unread.
  const providerOptions = { anthropic: { cacheControl: { type: "ephemeral" } } };
  const options = cached ? { providerOptions } : {};
  if (role === "system") {
    const medium = parts?.find((part) => part.type === "media");
    if (medium !== undefined) throw mediaRefused(medium.media, CLIENT);
    return { role, content, ...options };
  }
  return {
    role,
    content: parts === undefined ? content : parts.map((part) => aiPart(part, fileData)),
    ...options,
  };
}

function aiPart(part: ContentPart, fileData: AiProse["fileData"]): AiTextPart | AiFilePart {
  if (part.type === "text") return { type: "text", text: part.text };
  const { source, mediaType, filename }: Media = part.media;
  const data = "url" in source ? source.url : "bytes" in source ? source.bytes : fileData(source.fileId);
  const named = filename === null ? {} : { filename };
  return { type: "file", data, mediaType: mediaType ?? mediaTypeOf(part.media), ...named };
}

/** The AI SDK wants a type for every file, but leaves it to its providers which image it is. */
function mediaTypeOf(media: Media): string {
  const kind = mediaKind(media);
  if (kind === "document") throw mediaRefused(media, CLIENT);
  return `${kind}/*`;
}
