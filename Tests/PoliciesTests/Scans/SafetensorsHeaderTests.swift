import Policies
import Testing

@Suite("Headers of safetensors files")
struct SafetensorsHeaderTests {
    private static func read(_ json: String, fileSize: Int64? = nil) throws(HeaderFault) -> SafetensorsHeader {
        try SafetensorsHeader(Array(json.utf8)[...], fileSize: fileSize)
    }

    private static func fault(_ json: String, fileSize: Int64? = nil) -> String? {
        do {
            _ = try read(json, fileSize: fileSize)
            return nil
        } catch { return error.description }
    }

    private static let sound =
        #"{"__metadata__":{"format":"pt","license":"mit"},"#
        + #""a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"#
        + #""b":{"dtype":"F32","shape":[5],"data_offsets":[12,32]},"empty":{"dtype":"F32","shape":[0],"data_offsets":[32,32]}}  "#

    @Test("elements are counted by type, and metadata is kept")
    func sound() throws {
        let header = try Self.read(Self.sound, fileSize: Int64(Self.sound.utf8.count) + 8 + 32)
        #expect(header.tensors == 3 && header.parameters == 11 && header.dataSize == 32)
        #expect(header.parametersByType == ["BF16": 6, "F32": 5] && header.bytesByType == ["BF16": 12, "F32": 20])
        #expect(header.metadata == ["format": "pt", "license": "mit"])
    }

    private static let lies: [(String, String)] = [
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "twice"
        ),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "twice"),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "overlap"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
            "gap"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "gap"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "count"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, "count"),
        (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}"#, "fraction"),
        (#"{"a":{"dtype":"F32","shape":[1e3],"data_offsets":[0,6]}}"#, "fraction"),
        (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,6]}}"#, "nothing could be"),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,6]}}"#, "nothing could hold"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "what it is and where"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, "another size"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "what it is and where"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, "too long"),
        (#"{"a":{"dtype":"rm -rf","shape":[1],"data_offsets":[0,4]}}"#, "no word"),
        (#"{"a":[]}"#, "JSON"), (#"{"a":{"dtype":"F32"}}"#, "what it is"), ("[]", "begin"), ("{", "ends"),
        ("{}x", "goes on"),
        (#"{"__metadata__":{"a":{"b":1}}}"#, "JSON"),
        (#"{"a":{"x":"# + String(repeating: "[", count: 100_000) + "}}", "deep"),
        (#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}}"#, "another size"),
    ]

    @Test("what does not hold together is refused, and the fault says why", arguments: lies)
    func lie(json: String, reason: String) {
        let fault = Self.fault(json)
        #expect(fault?.contains(reason) == true, "\(fault ?? "believed") for \(json.prefix(120))")
    }

    @Test("the last tensor has to end where the file does")
    func truncated() {
        #expect(Self.fault(Self.sound, fileSize: Int64(Self.sound.utf8.count) + 8 + 31)?.contains("31") == false)
        #expect(Self.fault(Self.sound, fileSize: Int64(Self.sound.utf8.count) + 8 + 31) != nil)
        #expect(Self.fault(Self.sound, fileSize: 5) != nil)
    }

    @Test("a claimed length is held against the format and the file")
    func length() throws {
        func bytes(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        #expect(try SafetensorsHeader.length(bytes(100), fileSize: 1_000) == 100)
        #expect(try SafetensorsHeader.length(bytes(100_000_000), fileSize: nil) == 100_000_000)
        for lie: UInt64 in [0, 1, 100_000_001, .max, 1 << 63] {
            #expect(throws: HeaderFault.self) { try SafetensorsHeader.length(bytes(lie), fileSize: nil) }
        }
        #expect(throws: HeaderFault.self) { try SafetensorsHeader.length(bytes(993), fileSize: 1_000) }
        #expect(throws: HeaderFault.self) { try SafetensorsHeader.length([1, 0], fileSize: nil) }
    }

    @Test("random mutations are read or refused, and never end the program", arguments: 0..<4)
    func mutations(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let whole = Array(Self.sound.utf8)
        for _ in 0..<5_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
                case 2: bytes.remove(at: at)
                case 3: bytes[at] = [0x22, 0x5C, 0x7B, 0x7D, 0x5B, 0x5D, 0x2D, 0x39].randomElement(using: &random) ?? 0
                default: bytes.replaceSubrange(at..., with: bytes[Int.random(in: 0..<bytes.count, using: &random)...])
                }
                if bytes.isEmpty { bytes = whole }
            }
            do throws(HeaderFault) {
                let header = try SafetensorsHeader(bytes[...], fileSize: nil)
                #expect(header.parameters >= 0 && header.dataSize >= 0)
                #expect(header.parametersByType.values.reduce(0, +) == header.parameters)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test("the beginning of an index says how large all shards are")
    func index() {
        let cut = #"{"metadata":{"total_parameters":7,"total_size":14},"weight_map":{"a":"model-00001"#
        #expect(SafetensorsIndex(Array(cut.utf8)[...])?.totalSize == 14)
        #expect(SafetensorsIndex(Array(cut.utf8)[...])?.totalParameters == 7)
        #expect(
            SafetensorsIndex(Array(#"{"weight_map":{"a":"b"},"metadata":{"total_size":9}}"#.utf8)[...])?.totalSize == 9)
        for lie in [
            "", "[]", #"{"metadata":{"total_size":-1}}"#, #"{"metadata":{"total_size":1"#, #"{"weight_map":{}}"#,
        ] {
            #expect(SafetensorsIndex(Array(lie.utf8)[...]) == nil)
        }
    }
}
