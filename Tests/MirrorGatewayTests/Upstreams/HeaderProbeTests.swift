import HubCore
import Testing

@testable import MirrorGateway

@Suite("Looking at the headers of a remote model")
struct HeaderProbeTests {
    private let path = UpstreamPath(kind: .model, path: "acme/big")
    private static let commit = String(repeating: "1", count: 40)

    /// A safetensors file of one tensor, with the header padded to a length; its tensors are zeroes that nobody reads.
    private static func shard(
        _ elements: Int64, type: String = "BF16", padding: Int = 0
    ) -> (head: [UInt8], size: Int64) {
        let json =
            #"{"__metadata__":{"format":"pt"},"t":{"dtype":"\#(type)","shape":[\#(elements)],"data_offsets":[0,\#(elements * 2)]}}"#
            + String(repeating: " ", count: padding)
        var head: [UInt8] = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(json.utf8.count) >> (8 * UInt64($0))) }
        head += Array(json.utf8)
        return (head, Int64(head.count) + elements * 2)
    }

    private static func digest(_ index: Int) -> String {
        String(repeating: "0", count: 60) + String(10_000 + index).suffix(4)
    }

    /// Serves files by LFS batch and by ranges; `heads` by path, zeroes after them.
    private func table(
        _ files: [RemoteFile], heads: [String: [UInt8]], honoursRanges: Bool = true
    ) -> AnswerTable {
        AnswerTable { sent in
            let url = sent.request.url.absoluteString
            if url.hasSuffix("/objects/batch") {
                let objects = files.compactMap { file -> String? in
                    guard let digest = file.digest, sent.body.contains(digest.hex) else { return nil }
                    return
                        #"{"oid":"\#(digest.hex)","size":\#(file.size),"actions":{"download":{"href":"https://cdn.example/\#(file.path)"}}}"#
                }
                return sent.json(#"{"transfer":"basic","objects":[\#(objects.joined(separator: ","))]}"#)
            }
            guard let file = files.first(where: { url.hasSuffix("/" + $0.path) }) else {
                return sent.reply(404, "text/plain", [])
            }
            let range = sent.header("Range")?.dropFirst("bytes=".count).split(separator: "-").compactMap { Int64($0) }
            guard honoursRanges, let range, range.count == 2 else {
                var whole = heads[file.path] ?? []
                whole += [UInt8](repeating: 0, count: max(0, min(Int(file.size) - whole.count, 1 << 20)))
                return sent.reply(200, "application/octet-stream", whole)
            }
            let head = heads[file.path] ?? []
            let body = (range[0]...min(range[1], file.size - 1)).map { $0 < head.count ? head[Int($0)] : 0 }
            return sent.reply(
                206, "application/octet-stream", body,
                headers: [("Content-Range", "bytes \(range[0])-\(range[1])/\(file.size)")])
        }
    }

    private func read(_ files: [RemoteFile], _ table: AnswerTable) async throws -> ProbedHeaders {
        let upstream = try Sample.upstream(.huggingface, "https://hub.example", transport: table)
        return try await HeaderProbe(transport: table).read(
            upstream, repository: path, commit: try #require(CommitID(Self.commit)), files: files)
    }

    @Test("a single file tells parameters and types; config and card tell architecture and licence")
    func single() async throws {
        let shard = Self.shard(1_000)
        let config = Array(#"{"architectures":["LlamaForCausalLM"],"model_type":"llama"}"#.utf8)
        let readme = Array("---\nlicense: apache-2.0\n---\n# Big\n".utf8)
        let files = [
            RemoteFile(path: "model.safetensors", size: shard.size, digest: BlobID(Self.digest(0))),
            RemoteFile(path: "config.json", size: Int64(config.count), digest: nil),
            RemoteFile(path: "README.md", size: Int64(readme.count), digest: nil),
            RemoteFile(path: "other.gguf", size: 100, digest: BlobID(Self.digest(9))),
        ]
        let table = table(
            files, heads: ["model.safetensors": shard.head, "config.json": config, "README.md": readme])
        let found = try await read(files, table)
        #expect(found.format == .safetensors && found.parameters == 1_000 && !found.isEstimate)
        #expect(found.parametersByType == ["BF16": 1_000] && found.dtypes == ["BF16"])
        #expect(found.architecture == "LlamaForCausalLM" && found.license == "apache-2.0")
        #expect(found.remarks == [] && found.bytesRead < 8_000)
    }

    @Test("of four hundred shards a sample is read, for less than a megabyte")
    func sharded() async throws {
        let total = 400
        var files: [RemoteFile] = []
        var heads: [String: [UInt8]] = [:]
        for index in 1...total {
            let shard = Self.shard(1_000_000, padding: 30_000)
            let digits = String(100_000 + index).suffix(5)
            let name = "model-\(digits)-of-00400.safetensors"
            files.append(RemoteFile(path: name, size: shard.size, digest: BlobID(Self.digest(index))))
            heads[name] = shard.head
        }
        let index = Array(#"{"metadata":{"total_size":800000000},"weight_map":{"a":"#.utf8)
        files.append(RemoteFile(path: "model.safetensors.index.json", size: 5_000_000, digest: nil))
        heads["model.safetensors.index.json"] = index
        let found = try await read(files, table(files, heads: heads))
        #expect(found.isEstimate && found.parameters == 400_000_000)
        #expect(found.parametersByType == ["BF16": 400_000_000])
        #expect(found.bytesRead < 1_000_000 && found.bytesRead > 100_000 && found.files.count > 10)
        #expect(found.remarks == [])
    }

    @Test("every shard of a small set is read and counted exactly")
    func smallSet() async throws {
        let first = Self.shard(10)
        let second = Self.shard(20)
        let files = [
            RemoteFile(path: "model-00001-of-00002.safetensors", size: first.size, digest: BlobID(Self.digest(1))),
            RemoteFile(path: "model-00002-of-00002.safetensors", size: second.size, digest: BlobID(Self.digest(2))),
            RemoteFile(path: "consolidated.safetensors", size: 1 << 40, digest: BlobID(Self.digest(3))),
        ]
        let heads = [files[0].path: first.head, files[1].path: second.head]
        let found = try await read(files, table(files, heads: heads))
        #expect(found.parameters == 30 && !found.isEstimate && found.files.count == 2)
    }

    @Test("a header that lies is a remark, and costs no more than its beginning")
    func lies() async throws {
        let claims: [UInt64] = [100_000_000, 5_000_000, .max, 0, 999]
        for claim in claims {
            let head = (0..<8).map { UInt8(truncatingIfNeeded: claim >> (8 * UInt64($0))) } + Array("{{{".utf8)
            let files = [RemoteFile(path: "model.safetensors", size: 1 << 40, digest: BlobID(Self.digest(1)))]
            let found = try await read(files, table(files, heads: [files[0].path: head]))
            #expect(found.parameters == nil && found.remarks.count == 1 && found.bytesRead <= 30_000, "\(claim)")
        }
    }

    @Test("an upstream that sends whole files is left before they come")
    func withoutRanges() async throws {
        let shard = Self.shard(1 << 30)
        let files = [RemoteFile(path: "model.safetensors", size: shard.size, digest: BlobID(Self.digest(1)))]
        let table = table(files, heads: [files[0].path: shard.head], honoursRanges: false)
        let error = await hubError { _ = try await read(files, table) }
        #expect(error?.code == .notSupported)
    }

    @Test("a GGUF's header is read as far as it goes")
    func gguf() async throws {
        var head = Array("GGUF".utf8)
        func number(_ value: UInt64, _ width: Int = 8) {
            for place in 0..<width { head.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(place)))) }
        }
        func text(_ text: String) {
            number(UInt64(text.utf8.count))
            head += Array(text.utf8)
        }
        number(3, 4)
        number(1)
        number(4)
        for (key, value) in [
            ("general.architecture", "qwen2"), ("general.license", "mit"), ("general.size_label", "0.5B"),
        ] {
            text(key)
            number(8, 4)
            text(value)
        }
        text("tokenizer.ggml.tokens")
        number(9, 4)
        number(8, 4)
        // Twenty megabytes of tokens: more than a look may cost.
        number(1_000_000)
        for _ in 0..<1_000_000 { text("0123456789ab") }
        let files = [
            RemoteFile(path: "big-q8.gguf", size: 1 << 40, digest: BlobID(Self.digest(2))),
            RemoteFile(path: "big-q4.gguf", size: 1 << 30, digest: BlobID(Self.digest(1))),
            RemoteFile(path: "mmproj-big.gguf", size: 1 << 10, digest: BlobID(Self.digest(3))),
        ]
        let found = try await read(files, table(files, heads: ["big-q4.gguf": head]))
        #expect(found.format == .gguf && found.architecture == "qwen2" && found.license == "mit")
        #expect(found.parameters == 500_000_000 && found.isEstimate && found.files == ["big-q4.gguf"])
        #expect(found.bytesRead < 1_000_000 && found.remarks.count == 1)
    }

    @Test(
        "sizes in words are numbers",
        arguments: [
            ("7B", 7_000_000_000 as Int64?), ("8x7B", 56_000_000_000), ("0.5B", 500_000_000), ("270M", 270_000_000),
            ("", nil),
            ("B", nil), ("-1B", nil), ("1e9B", nil), ("7x7x7B", nil), ("inf", nil), ("nanB", nil),
        ])
    func labels(text: String, expected: Int64?) {
        #expect(HeaderProbe.parameters(text) == expected)
    }
}
