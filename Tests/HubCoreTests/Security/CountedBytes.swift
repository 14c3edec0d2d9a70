import Synchronization

/// Bytes that count how often they are looked at: what a parser costs, without a clock.
final class CountedBytes: RandomAccessCollection {
    private let bytes: [UInt8]
    private let looked = Atomic<Int>(0)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var looks: Int { looked.load(ordering: .relaxed) }
    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }

    subscript(position: Int) -> UInt8 {
        looked.add(1, ordering: .relaxed)
        return bytes[position]
    }
}
