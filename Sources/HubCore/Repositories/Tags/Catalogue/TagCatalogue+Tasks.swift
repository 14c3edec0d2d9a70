extension TagCatalogue {
    /// Tasks of models by modality, in the words of Hugging Face's pipelines and of CSGHub.
    static let modelTasks: KeyValuePairs<String, [String]> = [
        "natural_language_processing": [
            "text-classification", "token-classification", "table-question-answering", "question-answering",
            "zero-shot-classification", "translation", "summarization", "feature-extraction", "text-generation",
            "text2text-generation", "fill-mask", "sentence-similarity", "text-ranking", "conversational",
            "word-segmentation", "named-entity-recognition", "part-of-speech", "document-segmentation",
            "sentiment-classification", "nli", "relation-extraction", "text-summarization",
        ],
        "computer_vision": [
            "depth-estimation", "image-classification", "object-detection", "image-segmentation", "text-to-image",
            "image-to-text", "image-to-image", "image-to-video", "unconditional-image-generation",
            "video-classification", "text-to-video", "zero-shot-image-classification", "mask-generation",
            "zero-shot-object-detection", "text-to-3d", "image-to-3d", "image-feature-extraction",
            "keypoint-detection", "video-to-video", "ocr", "optical-character-recognition", "face-detection",
            "face-recognition", "face-image-generation", "skin-retouching", "image-super-resolution",
            "image-object-detection", "semantic-segmentation", "action-detection", "video-detection",
            "video-segmentation", "video-generation", "video-captioning",
        ],
        "audio_processing": [
            "text-to-speech", "text-to-audio", "automatic-speech-recognition", "auto-speech-recognition",
            "audio-to-audio", "audio-classification", "voice-activity-detection",
        ],
        "multimodal": [
            "audio-text-to-text", "image-text-to-text", "image-text-to-image", "image-text-to-video",
            "visual-question-answering", "document-question-answering", "video-text-to-text",
            "visual-document-retrieval", "any-to-any", "image-text-retrieval",
        ],
        "tabular": [
            "tabular-classification", "tabular-regression", "time-series-forecasting",
        ],
        "reinforcement_learning": [
            "reinforcement-learning", "robotics",
        ],
        "other": [
            "graph-ml"
        ],
    ]

    /// Tasks of datasets by modality.
    static let datasetTasks: KeyValuePairs<String, [String]> = [
        "text_processing": [
            "text-classification", "token-classification", "table-question-answering", "question-answering",
            "zero-shot-classification", "zero-shot", "translation", "summarization", "feature-extraction",
            "text-generation", "text2text-generation", "fill-mask", "sentence-similarity", "text-retrieval",
            "text-ranking", "table-to-text", "multiple-choice", "conversational", "relation-extraction",
        ],
        "graphics": [
            "depth-estimation", "image-classification", "object-detection", "image-segmentation", "text-to-image",
            "image-to-text", "image-to-image", "unconditional-image-generation", "zero-shot-image-classification",
            "zero-shot-object-detection", "mask-generation", "text-to-3d", "image-to-3d", "image-feature-extraction",
            "keypoint-detection", "image-editing", "image-generation",
        ],
        "video": [
            "image-to-video", "video-classification", "text-to-video", "object-tracking", "autonomous-driving",
            "video-generation", "video-super-resolution", "video-segmentation",
        ],
        "audio": [
            "text-to-speech", "text-to-audio", "automatic-speech-recognition", "auto-speech-recognition",
            "audio-to-audio", "audio-classification", "voice-activity-detection", "keyword-spotting",
            "speech-signal-process",
        ],
        "multimodal": [
            "visual-question-answering", "document-question-answering", "video-text-to-text",
            "visual-document-retrieval", "image-text-to-text", "any-to-any", "image-captioning", "visual-grounding",
        ],
        "tabular": [
            "tabular-classification", "tabular-regression", "tabular-to-text", "time-series-forecasting",
        ],
        "reinforcement_learning": [
            "reinforcement-learning", "robotics",
        ],
        "scientific_computing": [
            "biomedicine", "protein-structure", "graph-ml",
        ],
    ]
}
