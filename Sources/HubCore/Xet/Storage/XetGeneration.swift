import Synchronization

/// The name of a storage's life: it stands in the address that clients get, and they keep what they know of stored xorbs
/// under that address. A new one makes them forget it (wire/huggingface.md §11). It lies beside the xorbs, so it is lost
/// together with them.
final class XetGeneration: Sendable {
    private let root: String
    private let state: Mutex<String>

    /// Reads the name below `root`, or makes one. Blocks.
    init(root: String) throws {
        self.root = root
        if let known = try Self.read(root) {
            state = Mutex(known)
        } else {
            state = Mutex("")
            try renew()
        }
    }

    var name: String { state.withLock { $0 } }

    /// Begins a new generation, durably. Blocks.
    func renew() throws {
        var generator = SystemRandomNumberGenerator()
        let name = Hexadecimal.encode((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let file = try BlobFile.create(at: "\(root)/incoming/generation-\(name)")
        try file.append(Array(name.utf8))
        try file.seal()
        try PosixFile.rename(file.path, to: "\(root)/generation")
        try PosixFile.sync(directory: root)
        state.withLock { $0 = name }
    }

    private static func read(_ root: String) throws -> String? {
        guard try PosixFile.size(of: "\(root)/generation") != nil else { return nil }
        let bytes = try OpenFile(path: "\(root)/generation").read(at: 0, count: 32)
        let isName = bytes.count == 16 && bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isName ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
