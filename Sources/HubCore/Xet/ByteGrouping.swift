/// The order of bytes in chunks of numbers: all first bytes of four, then all second ones, third and fourth, which
/// compresses better. Xet calls it BG4.
package enum ByteGrouping {
    /// The bytes in their own order again. Where the length is no multiple of four, the first groups are one longer.
    package static func ungrouped(_ grouped: [UInt8]) -> [UInt8] {
        let quarter = grouped.count / 4
        let rest = grouped.count % 4
        return [UInt8](unsafeUninitializedCapacity: grouped.count) { output, filled in
            grouped.withUnsafeBufferPointer { bytes in
                let first = bytes[..<(quarter + (rest > 0 ? 1 : 0))]
                let second = bytes[first.endIndex..<(first.endIndex + quarter + (rest > 1 ? 1 : 0))]
                let third = bytes[second.endIndex..<(second.endIndex + quarter + (rest > 2 ? 1 : 0))]
                let fourth = bytes[third.endIndex...]
                interleave(
                    UnsafeBufferPointer(rebasing: first), UnsafeBufferPointer(rebasing: second),
                    UnsafeBufferPointer(rebasing: third), UnsafeBufferPointer(rebasing: fourth), into: output)
                for (index, group) in [first, second, third].prefix(rest).enumerated() {
                    if let last = group.last { output[quarter * 4 + index] = last }
                }
            }
            filled = grouped.count
        }
    }

    /// The part of the groups that is equally long. All bounds are known from the count of the fourth.
    private static func interleave(
        _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>,
        _ third: UnsafeBufferPointer<UInt8>, _ fourth: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        let target = UnsafeMutableRawBufferPointer(output)
        for index in 0..<fourth.count {
            let low = UInt32(first[index]) | UInt32(second[index]) << 8
            let high = UInt32(third[index]) << 16 | UInt32(fourth[index]) << 24
            target.storeBytes(of: (low | high).littleEndian, toByteOffset: index &* 4, as: UInt32.self)
        }
    }
}
