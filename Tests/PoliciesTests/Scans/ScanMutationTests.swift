import Testing

@testable import Policies

@Suite("Scanners survive any bytes")
struct ScanMutationTests {
    /// Small files of all kinds, of which the first ones run code.
    private static let hostile: [[UInt8]] = [
        PickleBytes.evil,
        PickleBytes.proto(4) + PickleBytes.call(PickleBytes.stackGlobal("posix", "system")) + PickleBytes.stop,
        Array("(S'id'\nios\nsystem\n.".utf8),
        ZipBytes.stored([("a/data.pkl", PickleBytes.evil), ("a/data/0", [1, 2, 3, 4])]),
        ZipBytes.stored([("x", ZipBytes.stored([("y.bin", PickleBytes.evil)]))]),
    ]
    private static let others: [[UInt8]] = [
        PickleBytes.plain,
        Array(SampleHeaders.safetensors),
        Array("GGUF".utf8) + [3, 0, 0, 0] + [UInt8](repeating: 0, count: 16),
        [0x93] + Array("NUMPY".utf8) + [1, 0, 70, 0]
            + Array("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }             \n".utf8) + [0, 0, 0, 0],
        [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0, 0x86, 0xA6, 0x10, 0x36, 5, 0, 0,
            0,
        ],
        [8, 8, 0x3A, 4, 0x0A, 2, 0x22, 0, 0x42, 2, 0x10, 17],
        Array(#"{"auto_map": {"a": "b.C"}, "chat_template": "{{ x.__class__ }}", "class_name": "Lambda"}"#.utf8),
        [0x82, 0xA1, 0x61, 1, 0xA1, 0x62, 0x93, 1, 2, 3],
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82],
        Array("PAR1".utf8) + [0x15, 2, 0x19, 0x0C, 0, 5, 0, 0, 0] + Array("PAR1".utf8),
    ]

    private static func mutate(_ bytes: [UInt8], _ chance: inout SeededGenerator) -> (
        bytes: [UInt8], from: Int, to: Int
    ) {
        var changed = bytes
        var first = bytes.count
        var last = 0
        for _ in 0..<Int.random(in: 1...3, using: &chance) {
            let at = Int.random(in: 0...changed.count, using: &chance)
            first = min(first, at)
            last = max(last, at)
            switch Int.random(in: 0..<5, using: &chance) {
            case 0 where at < changed.count: changed[at] = UInt8.random(in: 0...255, using: &chance)
            case 1 where at < changed.count: changed[at] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            case 2: changed.insert(UInt8.random(in: 0...255, using: &chance), at: at)
            case 3 where at < changed.count: changed.remove(at: at)
            default: changed.removeLast(min(changed.count, Int.random(in: 0..<4, using: &chance)))
            }
        }
        return (changed, first, last)
    }

    @Test("100,000 changed files end in a verdict, and code that was not touched is still seen", arguments: 0..<4)
    func mutations(_ part: Int) {
        var chance = SeededGenerator(seed: UInt64(part) + 20_261_126)
        let all = Self.hostile + Self.others
        for number in 0..<25_000 {
            let which = number % all.count
            let (bytes, first, _) = Self.mutate(all[which], &chance)
            var source = ScanBytes(bytes)
            let report = FileScanner().scan(name: number % 2 == 0 ? "x.pkl" : "x", source: &source)
            // Of a bare pickle everything up to its call is as it was: then it runs.
            if which < 3, first >= all[which].count - 1, bytes.count >= all[which].count - 1,
                report.verdict < .dangerous
            {
                Issue.record("\(bytes) is called \(report.verdict.rawValue)")
            }
            // An archive whose names or headers were changed still holds its pickle.
            if which == 3 || which == 4, report.verdict == .clean, Self.holds(PickleBytes.evil, bytes) {
                Issue.record("\(bytes) is called clean")
            }
        }
    }

    @Test("random bytes behind each magic end in a verdict")
    func randomBytes() {
        var chance = SeededGenerator(seed: 5)
        for number in 0..<5_000 {
            let all = Self.hostile + Self.others
            let head = all[number % all.count].prefix(Int.random(in: 0...12, using: &chance))
            let tail = (0..<Int.random(in: 0...200, using: &chance)).map { _ in
                UInt8.random(in: 0...255, using: &chance)
            }
            var source = ScanBytes(Array(head) + tail)
            _ = FileScanner().scan(name: "x", source: &source)
        }
    }

    private static func holds(_ needle: [UInt8], _ bytes: [UInt8]) -> Bool {
        guard bytes.count >= needle.count else { return false }
        return (0...bytes.count - needle.count).contains { bytes[$0...].starts(with: needle) }
    }
}

enum SampleHeaders {
    static let safetensors: [UInt8] = {
        let json = Array(#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#.utf8)
        return [UInt8(json.count), 0, 0, 0, 0, 0, 0, 0] + json + [1, 2]
    }()
}
