/// Bytes in memory, to be scanned.
package struct ScanBytes: ScanSource, Sendable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var size: Int64 { Int64(bytes.count) }

    package mutating func read(at offset: Int64, count: Int) -> [UInt8] {
        guard offset >= 0, offset < Int64(bytes.count), count > 0 else { return [] }
        return Array(bytes[Int(offset)..<min(bytes.count, Int(offset) + min(count, bytes.count))])
    }
}
