/// A central directory of a zip archive, as one way of reading the end of the file finds it.
struct ZipDirectory {
    /// Where it begins and ends in the file.
    let start: Int64
    let end: Int64
    /// What is added to the places that it gives: where the archive does not begin with the file.
    let shift: Int64
    let entries: [ZipEntry]
    /// As the end record says.
    let claimedCount: Int64
    /// Where the first of the records at the end begins.
    let record: Int64
    /// After the end record and its comment.
    let finish: Int64
    let commentLength: Int64

    /// Bytes at the end of a file in which loaders look for an end record.
    static let tail: Int64 = 22 + 65_535 + 76

    /// All directories that some loader would find: the last end record counts for most, and what comes before it where
    /// that is within its comment; places are taken as they are, or as counted back from the end.
    static func all(_ session: ScanSession, _ region: ScanRegion) throws(ScanStop) -> [ZipDirectory] {
        guard region.count >= 22 else { return [] }
        let tailStart = max(0, region.count - tail)
        let bytes = session.read(region, at: tailStart, count: Int(region.count - tailStart))
        guard bytes.count >= 22 else { return [] }
        var found: [ZipDirectory] = []
        var at = bytes.count - 22
        while at >= 0, found.count < 64 {
            if bytes[at] == 0x50, ZipEntry.word(bytes, at) == 0x0605_4B50 {
                found += try directories(
                    of: EndRecord(bytes, at, tailStart: tailStart, session, region), session, region)
            }
            at -= 1
        }
        return found
    }

    private static func directories(
        of end: EndRecord, _ session: ScanSession, _ region: ScanRegion
    ) throws(ScanStop) -> [ZipDirectory] {
        var found: [ZipDirectory] = []
        var starts: [Int64] = []
        for start in [end.offset, end.place - end.size] where start >= 0 && start <= end.place {
            if !starts.contains(start) { starts.append(start) }
        }
        for start in starts {
            var reader = RegionReader(session, region, from: start)
            var entries: [ZipEntry] = []
            while let entry = try? ZipEntry(central: &reader, limit: end.place) {
                try session.member()
                entries.append(entry)
            }
            // An archive of nothing is one, when it says so.
            guard !entries.isEmpty || end.count == 0 && end.size == 0 else { continue }
            found.append(
                ZipDirectory(
                    start: start, end: reader.position, shift: start - end.offset, entries: entries,
                    claimedCount: end.count, record: end.place, finish: end.finish, commentLength: end.commentLength))
        }
        return found
    }

    /// The record at the end of an archive, with that of ZIP64 where there is one.
    private struct EndRecord {
        let count: Int64
        let size: Int64
        let offset: Int64
        /// Where the first of the end records begins, before which the directory ends.
        var place: Int64
        let finish: Int64
        let commentLength: Int64

        init(_ bytes: [UInt8], _ at: Int, tailStart: Int64, _ session: ScanSession, _ region: ScanRegion) {
            let record = tailStart + Int64(at)
            commentLength = Int64(ZipEntry.half(bytes, at + 20))
            finish = record + 22 + commentLength
            // The locator of ZIP64 lies right before.
            if at >= 20, ZipEntry.word(bytes, at - 20) == 0x0706_4B50,
                let wide = Self.wide(bytes, at - 20, record: record, session, region)
            {
                (count, size, offset, place) = wide
                return
            }
            count = Int64(ZipEntry.half(bytes, at + 10))
            size = Int64(ZipEntry.word(bytes, at + 12))
            offset = Int64(ZipEntry.word(bytes, at + 16))
            place = record
        }

        private static func wide(
            _ bytes: [UInt8], _ locator: Int, record: Int64, _ session: ScanSession, _ region: ScanRegion
        ) -> (Int64, Int64, Int64, Int64)? {
            let claimed = Self.long(bytes, locator + 8)
            // Where the locator says, or right before it, where files with something before the archive have it.
            for place in [claimed, record - 20 - 56] where place >= 0 && place <= region.count - 56 {
                let wide = session.read(region, at: place, count: 56)
                guard wide.count == 56, ZipEntry.word(wide, 0) == 0x0606_4B50 else { continue }
                return (long(wide, 32), long(wide, 40), long(wide, 48), place)
            }
            return nil
        }

        private static func long(_ bytes: [UInt8], _ at: Int) -> Int64 {
            let value = UInt64(ZipEntry.word(bytes, at)) | UInt64(ZipEntry.word(bytes, at + 4)) << 32
            return Int64(exactly: value) ?? Int64.max
        }
    }
}
