/** Names of the parameters of a model that a call may be given. */

export const PARAMETERS: readonly string[] = [
  ...["temperature", "top_p", "topP", "top_k", "topK", "max_tokens", "maxTokens", "max_output_tokens"],
  ...[
    "maxOutputTokens",
    "max_completion_tokens",
    "maxCompletionTokens",
    "max_tokens_to_sample",
    "max_new_tokens",
  ],
  ...["num_predict", "stop", "stop_sequences", "stopSequences", "seed", "n", "presence_penalty"],
  ...["presencePenalty", "frequency_penalty", "frequencyPenalty", "repeat_penalty", "response_format"],
  ...["responseFormat", "response_mime_type", "responseMimeType", "reasoning_effort", "reasoningEffort"],
  ...["reasoning", "thinking", "verbosity", "stream", "logprobs", "top_logprobs", "maxSteps", "max_steps"],
  ...["max_turns", "maxTurns", "format", "size", "quality"],
];

/** Options that hold parameters. */
export const PARAMETER_OPTIONS: readonly string[] = [
  ...["config", "generationConfig", "generation_config", "options", "inferenceConfig", "model_settings"],
  ...["modelSettings", "parameters", "model_kwargs", "input", "body"],
];

/** Options that name the model, where a client does not say otherwise. */
export const MODEL_OPTIONS: readonly string[] = [
  ...[
    "model",
    "model_name",
    "modelName",
    "model_id",
    "modelId",
    "modelID",
    "deployment_name",
    "deploymentName",
  ],
  ...[
    "azure_deployment",
    "azureOpenAIApiDeploymentName",
    "llm",
    "llm_config.model",
    "llm_config.config_list.0.model",
  ],
];

/** Options whose texts speak of tools and shapes, not to the model. */
export const TOOL_OPTIONS: readonly string[] = [
  ...["tools", "functions", "toolConfig", "tool_config", "tool_choice", "toolChoice", "response_format"],
  ...[
    "responseFormat",
    "schema",
    "text_format",
    "response_model",
    "output_type",
    "outputType",
    "output",
    "metadata",
  ],
  ...[
    "headers",
    "experimental_telemetry",
    "providerOptions",
    "handoffDescription",
    "handoff_description",
    "name",
  ],
];

/** Calls whose texts are no prompts: what is embedded, moderated or spoken. */
export const OTHER_CALLS: readonly string[] = [
  ...[
    "embeddings.create",
    "embed",
    "embedMany",
    "embed_query",
    "embed_documents",
    "embedQuery",
    "embedDocuments",
  ],
  ...["embedContent", "embed_content", "models.embedContent", "models.embed_content", "moderations.create"],
  ...["feature_extraction", "featureExtraction", "similarity_search", "similaritySearch", "rerank"],
];
