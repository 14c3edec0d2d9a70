/// Unpacks LZ4 frames. Nothing is written beyond the size that was told before.
/// - SeeAlso: lz4/doc/lz4_Frame_format.md and lz4_Block_format.md.
enum LZ4Frame {
    static func unpack(_ packed: ArraySlice<UInt8>, to size: Int) throws(ArrowFault) -> [UInt8] {
        let fault = ArrowFault("a part that is packed with LZ4 is damaged")
        var place = packed.startIndex
        func byte() throws(ArrowFault) -> Int {
            guard place < packed.endIndex else { throw fault }
            defer { place += 1 }
            return Int(packed[place])
        }
        func pair() throws(ArrowFault) -> Int {
            let low = try byte()
            return low | (try byte()) << 8
        }
        func word() throws(ArrowFault) -> Int {
            let low = try pair()
            return low | (try pair()) << 16
        }
        guard try word() == 0x184D_2204 else { throw fault }
        let flags = try byte()
        guard flags >> 6 == 1 else { throw fault }
        // Sizes of blocks, of the content, a dictionary's number and a check of the head are passed over.
        for _ in 0..<(1 + (flags & 8 != 0 ? 8 : 0) + (flags & 1 != 0 ? 4 : 0) + 1) { _ = try byte() }
        var output: [UInt8] = []
        output.reserveCapacity(size)
        while true {
            let head = try word()
            if head == 0 { break }
            let length = head & 0x7FFF_FFFF
            guard length <= packed.endIndex - place else { throw fault }
            if head >> 31 == 1 {
                guard output.count + length <= size else { throw fault }
                output += packed[place..<place + length]
                place += length
            } else {
                let limit = place + length
                block: while place < limit {
                    let token = try byte()
                    var literals = token >> 4
                    if literals == 15 {
                        var more = 255
                        while more == 255 {
                            more = try byte()
                            literals += more
                        }
                    }
                    guard literals <= limit - place, output.count + literals <= size else { throw fault }
                    output += packed[place..<place + literals]
                    place += literals
                    if place == limit { break block }
                    let distance = try pair()
                    var match = token & 15
                    if match == 15 {
                        var more = 255
                        while more == 255 {
                            more = try byte()
                            match += more
                        }
                    }
                    match += 4
                    guard distance > 0, distance <= output.count, output.count + match <= size, place <= limit else {
                        throw fault
                    }
                    var from = output.count - distance
                    for _ in 0..<match {
                        output.append(output[from])
                        from += 1
                    }
                }
            }
            if flags & 16 != 0 { _ = try word() }
        }
        guard output.count == size else { throw fault }
        return output
    }
}
