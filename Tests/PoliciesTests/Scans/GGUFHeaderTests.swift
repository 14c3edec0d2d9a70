import Policies
import Testing

@Suite("Headers of GGUF files")
struct GGUFHeaderTests {
    /// Writes GGUF headers.
    struct Writer {
        var bytes: [UInt8] = []

        mutating func number<Number: FixedWidthInteger>(_ value: Number) {
            for place in 0..<(Number.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
        }
        mutating func text(_ text: String) {
            number(UInt64(text.utf8.count))
            bytes += Array(text.utf8)
        }
        mutating func head(tensors: UInt64, pairs: UInt64, version: UInt32 = 3) {
            bytes += Array("GGUF".utf8)
            number(version)
            number(tensors)
            number(pairs)
        }
        mutating func pair(_ key: String, text value: String) {
            text(key)
            number(UInt32(8))
            text(value)
        }
        mutating func tensor(_ name: String, _ shape: [UInt64], type: UInt32) {
            text(name)
            number(UInt32(shape.count))
            for size in shape { number(size) }
            number(type)
            number(UInt64(0))
        }
    }

    static func sample(vocabulary: Int = 100) -> [UInt8] {
        var writer = Writer()
        writer.head(tensors: 2, pairs: 7)
        writer.pair("general.architecture", text: "llama")
        writer.pair("general.license", text: "apache-2.0")
        writer.pair("general.size_label", text: "7B")
        writer.text("general.parameter_count")
        writer.number(UInt32(10))
        writer.number(UInt64(30))
        writer.text("llama.context_length")
        writer.number(UInt32(4))
        writer.number(UInt32(4_096))
        writer.text("tokenizer.ggml.tokens")
        writer.number(UInt32(9))
        writer.number(UInt32(8))
        writer.number(UInt64(vocabulary))
        for index in 0..<vocabulary { writer.text("token \(index)") }
        writer.text("tokenizer.ggml.scores")
        writer.number(UInt32(9))
        writer.number(UInt32(6))
        writer.number(UInt64(vocabulary))
        writer.bytes += [UInt8](repeating: 7, count: 4 * vocabulary)
        writer.tensor("a", [4, 5], type: 0)
        writer.tensor("b", [10], type: 12)
        return writer.bytes
    }

    /// Reads as a client of ranges does: only what was asked for, in pieces.
    private static func read(_ file: [UInt8], piece: Int) throws(HeaderFault) -> (GGUFHeaderParser, read: Int) {
        var parser = GGUFHeaderParser(fileSize: Int64(file.count))
        var at: UInt64 = 0
        var read = 0
        for _ in 0..<1_000_000 {
            let start = Int(at)
            let bytes = file[start..<min(start + piece, file.count)]
            read += bytes.count
            guard case .needs(let next) = try parser.take(bytes, at: at), next > at else { break }
            at = next
        }
        return (parser, read)
    }

    @Test("properties and tensors are read, in pieces of any size", arguments: [1, 7, 64, 4_096, 1 << 20])
    func pieces(size: Int) throws {
        let (parser, _) = try Self.read(Self.sample(), piece: size)
        let header = parser.header
        #expect(header.isComplete && header.version == 3 && header.tensors == 2)
        #expect(header.architecture == "llama" && header.license == "apache-2.0" && header.sizeLabel == "7B")
        #expect(header.claimedParameters == 30 && header.contextLength == 4_096 && header.parameters == 30)
        #expect(header.parametersByType == ["F32": 20, "Q4_K": 10])
    }

    @Test("lists of numbers are stepped over, not read")
    func stepping() throws {
        var writer = Writer()
        writer.head(tensors: 1, pairs: 1)
        writer.text("scores")
        writer.number(UInt32(9))
        writer.number(UInt32(6))
        writer.number(UInt64(100_000))
        writer.bytes += [UInt8](repeating: 1, count: 400_000)
        writer.tensor("a", [3], type: 1)
        let (parser, read) = try Self.read(writer.bytes, piece: 1_024)
        #expect(parser.header.parameters == 3)
        #expect(read < 4_096)
    }

    private static func lie(_ write: (inout Writer) -> Void) -> [UInt8] {
        var writer = Writer()
        write(&writer)
        return writer.bytes + [UInt8](repeating: 0, count: 64)
    }

    @Test("lies are refused")
    func lies() {
        let lies: [(String, [UInt8])] = [
            ("magic", Self.lie { $0.bytes = Array("GGML".utf8) }),
            ("version", Self.lie { $0.head(tensors: 0, pairs: 0, version: 99) }),
            ("tensors", Self.lie { $0.head(tensors: .max, pairs: 0) }),
            ("pairs", Self.lie { $0.head(tensors: 0, pairs: .max) }),
            (
                "long key",
                Self.lie {
                    $0.head(tensors: 0, pairs: 1)
                    $0.number(UInt64.max)
                }
            ),
            (
                "long text",
                Self.lie {
                    $0.head(tensors: 0, pairs: 1)
                    $0.text("general.license")
                    $0.number(UInt32(8))
                    $0.number(UInt64.max - 3)
                }
            ),
            (
                "long list",
                Self.lie {
                    $0.head(tensors: 0, pairs: 1)
                    $0.text("a")
                    $0.number(UInt32(9))
                    $0.number(UInt32(10))
                    $0.number(UInt64.max / 4)
                }
            ),
            (
                "list of lists",
                Self.lie {
                    $0.head(tensors: 0, pairs: 1)
                    $0.text("a")
                    $0.number(UInt32(9))
                    $0.number(UInt32(9))
                    $0.number(UInt64(1))
                }
            ),
            (
                "twice",
                Self.lie {
                    $0.head(tensors: 0, pairs: 2)
                    $0.pair("a", text: "1")
                    $0.pair("a", text: "2")
                }
            ),
            (
                "huge shape",
                Self.lie {
                    $0.head(tensors: 1, pairs: 0)
                    $0.tensor("a", [1 << 40, 1 << 40], type: 0)
                }
            ),
            (
                "many dimensions",
                Self.lie {
                    $0.head(tensors: 1, pairs: 0)
                    $0.tensor("a", Array(repeating: 1, count: 9), type: 0)
                }
            ),
            ("cut off", Array(Self.sample().dropLast(5))),
        ]
        for (name, bytes) in lies {
            #expect(throws: HeaderFault.self, "\(name)") { try Self.read(bytes, piece: 1 << 16) }
        }
    }

    @Test("random mutations are read or refused, and never end the program", arguments: 0..<4)
    func mutations(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let whole = Self.sample(vocabulary: 8)
        for _ in 0..<5_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(255, at: at)
                case 2: bytes.remove(at: at)
                default: bytes.removeSubrange(at...)
                }
                if bytes.isEmpty { bytes = whole }
            }
            do throws(HeaderFault) {
                let (parser, read) = try Self.read(bytes, piece: 64)
                #expect(read <= bytes.count)
                #expect(parser.header.parametersByType.values.allSatisfy { $0 >= 0 })
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }
}
