import HubCore

/// What `config.json` says about a transformers model, as far as facts about a repository repeat it.
struct ModelConfiguration: Equatable, Sendable {
    /// A configuration that is larger holds a vocabulary, which nobody needs here.
    static let maximumBytes: Int64 = 1 << 20

    private let document: JSONValue

    /// Nil when the bytes are no JSON object.
    init?(parsing bytes: [UInt8]) {
        guard let document = JSONText.decode(String(decoding: bytes, as: UTF8.self)), case .object = document else {
            return nil
        }
        self.document = document
    }

    /// What `config.json` says; nil when there is none to be read, which is no reason to say nothing at all.
    init?(of snapshot: Snapshot, _ contents: CommitContents, by repositories: RepositoryService) async {
        guard snapshot.repository.id.kind == .model,
            let entry = contents.files.first(where: { $0.path == "config.json" }), entry.lfs == nil,
            entry.size <= Self.maximumBytes,
            let file = try? await repositories.open(entry, in: snapshot, isPull: false),
            case .object(let bytes) = file.content
        else { return nil }
        self.init(parsing: bytes)
    }

    var architectures: [String] { document["architectures"]?.strings ?? [] }
    var modelType: String? { document["model_type"]?.string }

    /// How many tokens it takes in at once, by whichever name its family has for that.
    var contextLength: Int64? {
        let places = [document, document["text_config"] ?? .null]
        for place in places {
            for key in ["max_position_embeddings", "n_positions", "max_sequence_length", "seq_length", "n_ctx"] {
                if case .integer(let length)? = place[key], length > 0 { return length }
            }
        }
        return nil
    }

    /// The members the community's hub repeats.
    var excerpt: JSONValue {
        .object(
            ["architectures", "auto_map", "model_type", "quantization_config"].compactMap { key in
                document[key].map { JSONValue.Member(key: key, value: $0) }
            })
    }

    /// The class that loads the model, by the ending of its architecture's name.
    var autoModel: (className: String, pipelineTag: String?)? {
        guard modelType != nil else { return nil }
        guard let architecture = architectures.first else { return ("AutoModel", nil) }
        let task = Self.tasks.first { architecture.hasSuffix($0.ending) }
        return task.map { ("AutoModel\($0.ending)", $0.pipelineTag) } ?? ("AutoModel", nil)
    }

    private static let tasks: [(ending: String, pipelineTag: String?)] = [
        ("ForCausalLM", "text-generation"),
        ("ForMaskedLM", "fill-mask"),
        ("ForSequenceClassification", "text-classification"),
        ("ForTokenClassification", "token-classification"),
        ("ForQuestionAnswering", "question-answering"),
        ("ForSeq2SeqLM", nil),
        ("ForImageClassification", "image-classification"),
        ("ForObjectDetection", "object-detection"),
        ("ForImageTextToText", "image-text-to-text"),
        ("ForAudioClassification", "audio-classification"),
        ("ForSpeechSeq2Seq", "automatic-speech-recognition"),
        ("ForCTC", "automatic-speech-recognition"),
    ]
}
