#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The small models and datasets of a sample community hub: the same bytes, and so the same commit ids, everywhere.
struct SampleContent {
    /// A state of a repository, committed in order.
    struct Revision {
        let message: String
        /// Milliseconds since 1970.
        let date: Int64
        let tag: String?
        let files: [(path: String, bytes: [UInt8])]
    }

    let repository: String
    let revisions: [Revision]

    /// 2026-01-05T09:00:00Z
    private static let start: Int64 = 1_767_603_600_000
    private static let day: Int64 = 86_400_000

    static let all: [SampleContent] = [
        model("river/tiny-bert", license: "mit", task: "fill-mask", seed: 1, megabytes: 4, tag: "v1.0"),
        model("river/tiny-llm", license: "apache-2.0", task: "text-generation", seed: 2, megabytes: 16, tag: nil),
        model("river/research-only", license: "cc-by-nc-4.0", task: "text-generation", seed: 3, megabytes: 1, tag: nil),
        model("river/llama-tuned", license: "llama3.1", task: "text-generation", seed: 4, megabytes: 1, tag: nil),
        model("river/no-licence", license: nil, task: "feature-extraction", seed: 5, megabytes: 1, tag: nil),
        dataset("river/greetings", license: "cc-by-4.0", rows: 500),
        dataset("river/measurements", license: "odc-by", rows: 2_000),
    ]

    private static func model(
        _ name: String, license: String?, task: String, seed: UInt64, megabytes: Int, tag: String?
    ) -> SampleContent {
        let short = name.split(separator: "/").last ?? ""
        let card = """
            ---
            \(license.map { "license: \($0)\n" } ?? "")language:
            - en
            - zh
            pipeline_tag: \(task)
            library_name: transformers
            tags:
            - sample
            ---
            # \(short)

            A sample model with made-up weights, for trying Weir without the internet.

            """
        let config = """
            {
              "architectures": ["BertModel"],
              "hidden_size": 32,
              "intermediate_size": 64,
              "max_position_embeddings": 64,
              "model_type": "bert",
              "num_attention_heads": 2,
              "num_hidden_layers": 1,
              "vocab_size": 64
            }

            """
        let files: [(path: String, bytes: [UInt8])] = [
            ("README.md", Array(card.utf8)),
            ("config.json", Array(config.utf8)),
            ("model.safetensors", safetensors(megabytes: megabytes, seed: seed)),
            ("tokenizer/vocab.txt", Array(vocabulary.utf8)),
        ]
        let second = files.map { file in
            file.path == "README.md"
                ? (file.path, file.bytes + Array("The second revision explains itself better.\n".utf8)) : file
        }
        return SampleContent(
            repository: "model:\(name)",
            revisions: [
                Revision(message: "Add the model", date: start + Int64(seed) * day, tag: tag, files: files),
                Revision(message: "Explain the model", date: start + Int64(seed + 7) * day, tag: nil, files: second),
            ])
    }

    private static func dataset(_ name: String, license: String, rows: Int) -> SampleContent {
        let short = name.split(separator: "/").last ?? ""
        let card = """
            ---
            license: \(license)
            language:
            - en
            task_categories:
            - text-classification
            size_categories:
            - n<1K
            configs:
            - config_name: default
              data_files:
              - split: train
                path: data/train.csv
              - split: test
                path: data/test.csv
            ---
            # \(short)

            A sample dataset, for trying Weir without the internet.

            """
        func table(_ range: Range<Int>) -> [UInt8] {
            Array(("id,text,label\n" + range.map { "\($0),sample sentence number \($0),\($0 % 3)\n" }.joined()).utf8)
        }
        return SampleContent(
            repository: "dataset:\(name)",
            revisions: [
                Revision(
                    message: "Add the data", date: start + 20 * day, tag: nil,
                    files: [
                        ("README.md", Array(card.utf8)), ("data/train.csv", table(0..<rows)),
                        ("data/test.csv", table(rows..<(rows + rows / 10))),
                    ])
            ])
    }

    private static let vocabulary =
        (["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + (0..<59).map { "token\($0)" }).joined(separator: "\n") + "\n"

    /// A valid safetensors file with one tensor of made-up numbers.
    ///
    /// - SeeAlso: the safetensors format: u64 length of the header, the header as JSON, the tensors
    private static func safetensors(megabytes: Int, seed: UInt64) -> [UInt8] {
        let size = megabytes << 20
        var header = #"{"weight":{"dtype":"F32","shape":[\#(size / 4)],"data_offsets":[0,\#(size)]}}"#
        while header.utf8.count % 8 != 0 { header += " " }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.utf8.count + size)
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: header.utf8)
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        for _ in 0..<(size / 8) {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            // Exponents near 1 keep every 32-bit half a finite number.
            let word = state & 0x007F_FFFF_007F_FFFF | 0x3F00_0000_3F00_0000
            withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}
