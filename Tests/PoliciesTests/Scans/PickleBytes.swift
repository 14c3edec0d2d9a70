/// Opcodes of pickles, put together for tests.
enum PickleBytes {
    static func proto(_ version: UInt8 = 2) -> [UInt8] { [0x80, version] }

    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    static func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return [0x8C, UInt8(truncatingIfNeeded: bytes.count)] + bytes
    }

    static func stackGlobal(_ module: String, _ name: String) -> [UInt8] { text(module) + text(name) + [0x93] }

    /// A call with one argument.
    static func call(_ function: [UInt8], _ argument: [UInt8] = text("id")) -> [UInt8] {
        function + argument + [0x85, 0x52]
    }

    static let stop: [UInt8] = [0x2E]

    static let evil = proto() + call(global("os", "system")) + stop

    /// A dictionary with a list of numbers.
    static let plain = proto() + Array("}".utf8) + text("a") + Array("]K\u{1}as".utf8) + stop
}
