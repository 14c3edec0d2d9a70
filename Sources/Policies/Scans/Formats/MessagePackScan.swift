/// Looks at MessagePack, as Flax writes its weights: values without any code.
struct MessagePackScan {
    let session: ScanSession
    let region: ScanRegion

    /// - Returns: nil when the bytes are not one value that begins with a map and ends with the file.
    func format() -> String? {
        let head = session.read(region, at: 0, count: 1)
        guard let first = head.first, (0x81...0x8F).contains(first) || first == 0xDE || first == 0xDF else {
            return nil
        }
        var reader = RegionReader(session, region)
        // Of each level, how many values are left.
        var left: [UInt64] = [1]
        do throws(ScanStop) {
            while let count = left.last {
                guard count > 0 else {
                    left.removeLast()
                    continue
                }
                left[left.count - 1] -= 1
                try session.step()
                let inner = try Self.value(&reader)
                if inner > 0 {
                    guard left.count < 64, inner <= UInt64(max(0, reader.left)) else { return nil }
                    left.append(inner)
                }
            }
        } catch {
            return nil
        }
        return reader.left == 0 ? "msgpack" : nil
    }

    /// Steps over a value, or the head of one with others in it.
    /// - Returns: how many are in it.
    private static func value(_ reader: inout RegionReader) throws(ScanStop) -> UInt64 {
        let byte = try reader.byte()
        switch byte {
        case 0x00...0x7F, 0xE0...0xFF, 0xC0, 0xC2, 0xC3: return 0
        case 0x80...0x8F: return UInt64(byte & 0x0F) * 2
        case 0x90...0x9F: return UInt64(byte & 0x0F)
        case 0xA0...0xBF: try reader.skip(Int64(byte & 0x1F))
        case 0xC4, 0xD9: try reader.skip(Int64(try large(&reader, 1)))
        case 0xC5, 0xDA: try reader.skip(Int64(try large(&reader, 2)))
        case 0xC6, 0xDB: try reader.skip(Int64(try large(&reader, 4)))
        case 0xC7: try reader.skip(Int64(try large(&reader, 1)) + 1)
        case 0xC8: try reader.skip(Int64(try large(&reader, 2)) + 1)
        case 0xC9: try reader.skip(Int64(try large(&reader, 4)) + 1)
        case 0xCC, 0xD0: try reader.skip(1)
        case 0xCD, 0xD1, 0xD4: try reader.skip(2)
        case 0xCA, 0xCE, 0xD2: try reader.skip(4)
        case 0xCB, 0xCF, 0xD3: try reader.skip(8)
        case 0xD5: try reader.skip(3)
        case 0xD6: try reader.skip(5)
        case 0xD7: try reader.skip(9)
        case 0xD8: try reader.skip(17)
        case 0xDC: return try large(&reader, 2)
        case 0xDD: return try large(&reader, 4)
        case 0xDE: return try large(&reader, 2) * 2
        case 0xDF: return try large(&reader, 4) * 2
        default: throw .fault("has a value of no known kind")
        }
        return 0
    }

    /// A number, the highest byte first.
    private static func large(_ reader: inout RegionReader, _ width: Int) throws(ScanStop) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<width { value = value << 8 | UInt64(try reader.byte()) }
        return value
    }
}
