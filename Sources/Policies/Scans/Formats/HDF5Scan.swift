/// Looks at an HDF5 file: that it is as long as it says, and whether a model of Keras with code is in it.
struct HDF5Scan {
    let session: ScanSession
    let region: ScanRegion
    let path: String

    static let magic: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    func format() -> String {
        let head = session.read(region, at: 0, count: 64)
        if let end = Self.end(head) {
            if end != region.count {
                session.note(
                    "keras", .unknown, "hdf5.size", at: path, "says that it ends at \(end), and ends at \(region.count)"
                )
            }
        } else {
            session.note("keras", .unknown, "hdf5.header", at: path, "has a header that is not known here")
        }
        KerasSearch(session: session, region: region, path: path).run()
        return "hdf5"
    }

    /// Where the file ends, by its superblock of version 0 to 3.
    private static func end(_ head: [UInt8]) -> Int64? {
        guard head.count == 64 else { return nil }
        func long(_ at: Int) -> Int64? {
            var value: UInt64 = 0
            for place in 0..<8 { value |= UInt64(head[at + place]) << UInt64(8 * place) }
            return Int64(exactly: value)
        }
        switch head[8] {
        case 0 where head[13] == 8: return long(40)
        case 1 where head[13] == 8: return long(44)
        case 2 where head[9] == 8, 3 where head[9] == 8: return long(28)
        default: return nil
        }
    }
}
