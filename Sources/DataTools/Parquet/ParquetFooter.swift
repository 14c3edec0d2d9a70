import HubCore

/// What the end of a Parquet file tells: which rows lie where. A footer that names only some of its groups of rows can be
/// made of it, so that a file of which only their bytes are there can be read.
/// - SeeAlso: apache/parquet-format, `parquet.thrift`.
package struct ParquetFooter: Sendable {
    /// Rows that lie together.
    package struct Group: Sendable, Hashable {
        package let rows: Int64
        /// Where the values of its columns lie in the file.
        package let bytes: Range<Int64>
        /// Where it stands in the footer.
        fileprivate let place: Range<Int>
    }

    package let groups: [Group]
    /// Rows of the file.
    package let rows: Int64
    /// Where the footer begins in the file: data ends there.
    package let offset: Int64
    /// The structure alone, without its length and the mark.
    private let bytes: [UInt8]
    private let rowsPlace: Range<Int>
    private let groupsPlace: Range<Int>

    /// Bytes at the end of a file that say how long the footer is, and those of a file that holds nothing else.
    package static let tail: Int64 = 8
    package static let smallest: Int64 = 12
    /// Bytes of the longest footer, and the most columns in all groups together.
    package static let limit: Int64 = 48 << 20
    private static let columnLimit = 4_000_000
    private static let mark = Array("PAR1".utf8)

    /// How long the footer is, by the last bytes of a file.
    /// - Throws: `.unprocessable` for what is no Parquet file, or one that is encrypted.
    package static func length(byTail tail: some Collection<UInt8>, ofFile size: Int64, named name: String) throws
        -> Int64
    {
        let last = Array(tail.suffix(Int(Self.tail)))
        guard last.count == Int(Self.tail), size >= smallest, Array(last.suffix(4)) == mark else {
            throw wrong(
                name, Array(last.suffix(4)) == Array("PARE".utf8) ? "it is encrypted" : "it does not end as one")
        }
        let length = last.prefix(4).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard length > 0, length <= size - smallest else { throw wrong(name, "its footer is longer than the file") }
        guard length <= limit else {
            throw wrong(name, "its footer has \(length) bytes, more than the \(limit) that are read")
        }
        return length
    }

    /// - Parameters:
    ///   - bytes: of the structure.
    ///   - size: of the file.
    /// - Throws: `.unprocessable` for a footer that cannot be believed.
    package init(_ bytes: [UInt8], ofFile size: Int64, named name: String) throws {
        self.bytes = bytes
        offset = size - Self.tail - Int64(bytes.count)
        var (groups, rows) = ([Group](), Int64?.none)
        var (rowsPlace, groupsPlace) = (Range<Int>?.none, Range<Int>?.none)
        let end = offset
        do {
            var cursor = ThriftCursor(bytes)
            var columns = 0
            try cursor.structure { cursor, field, kind in
                switch (field, kind) {
                case (3, .int64):
                    let start = cursor.place
                    rows = try cursor.integer()
                    rowsPlace = start..<cursor.place
                case (4, .list):
                    guard groupsPlace == nil else { throw ThriftCursor.Fault() }
                    let start = cursor.place
                    let (kind, count) = try cursor.list()
                    guard kind == .structure || count == 0 else { throw ThriftCursor.Fault() }
                    for _ in 0..<count { groups.append(try Self.group(&cursor, dataEnd: end, columns: &columns)) }
                    groupsPlace = start..<cursor.place
                default: return false
                }
                return true
            }
        } catch _ as ThriftCursor.Fault {
            throw Self.wrong(name, "its footer makes no sense")
        }
        guard offset >= 4, let rows, let rowsPlace, let groupsPlace else {
            throw Self.wrong(name, "its footer does not tell its rows")
        }
        var sum: Int64 = 0
        for group in groups {
            let (more, overflow) = sum.addingReportingOverflow(group.rows)
            guard !overflow else { throw Self.wrong(name, "its footer claims too many rows") }
            sum = more
        }
        guard sum == rows else { throw Self.wrong(name, "its footer counts its rows in two ways") }
        (self.groups, self.rows, self.rowsPlace, self.groupsPlace) = (groups, rows, rowsPlace, groupsPlace)
    }

    private static func group(_ cursor: inout ThriftCursor, dataEnd: Int64, columns: inout Int) throws -> Group {
        let start = cursor.place
        var (rows, found) = (Int64(-1), Range<Int64>?.none)
        try cursor.structure(depth: 1) { cursor, field, kind in
            switch (field, kind) {
            case (1, .list):
                let (kind, count) = try cursor.list()
                columns += count
                guard kind == .structure || count == 0, columns <= columnLimit else { throw ThriftCursor.Fault() }
                for _ in 0..<count {
                    let chunk = try chunk(&cursor, dataEnd: dataEnd)
                    found =
                        found.map {
                            min($0.lowerBound, chunk.lowerBound)..<max($0.upperBound, chunk.upperBound)
                        } ?? chunk
                }
            case (3, .int64): rows = try cursor.integer()
            default: return false
            }
            return true
        }
        guard rows >= 0, let found = found ?? (rows == 0 ? 4..<4 : nil) else { throw ThriftCursor.Fault() }
        return Group(rows: rows, bytes: found, place: start..<cursor.place)
    }

    /// Where the values of one column of a group lie.
    private static func chunk(_ cursor: inout ThriftCursor, dataEnd: Int64) throws -> Range<Int64> {
        var (length, data, dictionary) = (Int64?.none, Int64?.none, Int64?.none)
        try cursor.structure(depth: 3) { cursor, field, kind in
            switch (field, kind) {
            // Values in another file, whose name is somebody's.
            case (1, .binary): throw ThriftCursor.Fault()
            case (3, .structure):
                try cursor.structure(depth: 4) { cursor, field, kind in
                    switch (field, kind) {
                    case (7, .int64): length = try cursor.integer()
                    case (9, .int64): data = try cursor.integer()
                    case (11, .int64): dictionary = try cursor.integer()
                    default: return false
                    }
                    return true
                }
            default: return false
            }
            return true
        }
        guard let length, let data else { throw ThriftCursor.Fault() }
        // Some writers say 0 for none.
        let start = dictionary.flatMap { $0 > 0 ? min($0, data) : nil } ?? data
        guard start >= 4, length >= 0, length <= dataEnd, start <= dataEnd - length else { throw ThriftCursor.Fault() }
        // Old writers left the head of the dictionary out of the length (PARQUET-816).
        return start..<min(start + length + 128, dataEnd)
    }

    /// The groups that hold some of the rows, and the number of their first row.
    package func groups(holding wanted: Range<Int64>) -> (groups: Range<Int>, firstRow: Int64) {
        guard !wanted.isEmpty else { return (0..<0, 0) }
        var (first, end, firstRow, row) = (Int?.none, 0, Int64(0), Int64(0))
        for (index, group) in groups.enumerated() {
            if row >= wanted.upperBound { break }
            if row + group.rows > wanted.lowerBound, group.rows > 0 {
                if first == nil { (first, firstRow) = (index, row) }
                end = index + 1
            }
            row += group.rows
        }
        guard let first else { return (0..<0, 0) }
        return (first..<end, firstRow)
    }

    /// The end of a file that has only some of the groups, to stand where the footer stood: structure, length and mark.
    package func end(with chosen: Range<Int>) -> [UInt8] {
        let rows = groups[chosen].reduce(Int64(0)) { $0 + $1.rows }
        var changes: [(place: Range<Int>, bytes: [UInt8])] = [
            (rowsPlace, ThriftCursor.zigzag(rows)),
            (
                groupsPlace,
                groups[chosen].reduce(into: ThriftCursor.listHead(of: .structure, count: chosen.count)) {
                    $0 += bytes[$1.place]
                }
            ),
        ]
        changes.sort { $0.place.lowerBound < $1.place.lowerBound }
        var (made, done) = ([UInt8](), 0)
        for change in changes {
            made += bytes[done..<change.place.lowerBound]
            made += change.bytes
            done = change.place.upperBound
        }
        made += bytes[done...]
        let length = UInt32(made.count)
        for shift in [0, 8, 16, 24] as [UInt32] { made.append(UInt8(truncatingIfNeeded: length >> shift)) }
        return made + Self.mark
    }

    private static func wrong(_ name: String, _ why: String) -> HubError {
        HubError(.unprocessable, "\(name) cannot be read as parquet: \(why).")
    }
}
