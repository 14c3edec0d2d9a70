@testable import Policies

/// Zip archives, put together for tests.
enum ZipBytes {
    static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func local(_ name: String, _ content: [UInt8], flags: Int = 0, method: Int = 0, size: Int? = nil) -> [UInt8]
    {
        Array("PK\u{3}\u{4}".utf8) + little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4)
            + little(Int(CRC32.of(content)), 4) + little(content.count, 4) + little(size ?? content.count, 4)
            + little(name.utf8.count, 2) + little(0, 2) + Array(name.utf8) + content
    }

    static func central(_ name: String, _ content: [UInt8], at offset: Int, flags: Int = 0, method: Int = 0) -> [UInt8]
    {
        Array("PK\u{1}\u{2}".utf8) + little(20, 2) + little(20, 2) + little(flags, 2) + little(method, 2) + little(0, 4)
            + little(Int(CRC32.of(content)), 4) + little(content.count, 4) + little(content.count, 4)
            + little(name.utf8.count, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4)
            + little(offset, 4) + Array(name.utf8)
    }

    static func end(count: Int, size: Int, offset: Int, comment: [UInt8] = []) -> [UInt8] {
        Array("PK\u{5}\u{6}".utf8) + little(0, 4) + little(count, 2) + little(count, 2) + little(size, 4)
            + little(offset, 4) + little(comment.count, 2) + comment
    }

    static func stored(_ files: [(String, [UInt8])], comment: [UInt8] = []) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in files {
            directory += central(name, content, at: bytes.count)
            bytes += local(name, content)
        }
        return bytes + directory + end(count: files.count, size: directory.count, offset: bytes.count, comment: comment)
    }
}
