import Glibc

/// Reads the batches of an Arrow file one after the other: a stream, or a file, which is a stream with a list of its
/// batches behind it.
/// - SeeAlso: apache/arrow, "IPC Streaming Format" and "IPC File Format".
final class ArrowStream {
    /// A batch whose columns are read when they are asked for.
    struct Batch {
        let count: Int
        fileprivate let table: FlatTable
        fileprivate let body: Range<Int>
    }

    let columns: [ArrowField]
    private let descriptor: Int32
    private let size: Int
    private var place: Int
    private var dictionaries: [Int64: ArrowArray] = [:]
    private var types: [Int64: ArrowType] = [:]

    /// Bytes of the description of a batch, and of one buffer.
    private static let headLimit = 64 << 20
    private static let bufferLimit = 1 << 30
    private static let mark = Array("ARROW1".utf8)

    init(_ descriptor: Int32) throws(ArrowFault) {
        self.descriptor = descriptor
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ArrowFault("it cannot be looked at") }
        size = Int(status.st_size)
        let begin = size >= 8 ? try Self.read(0..<6, descriptor) : []
        let isFile = begin == Self.mark
        var start = isFile ? 8 : 0
        guard let head = try Self.message(&start, descriptor, size), head.kind == 1 else {
            throw ArrowFault("it does not begin with a schema")
        }
        columns = try ArrowField.columns(of: head.table)
        place = start
        for column in columns { try note(column.type) }
    }

    private func note(_ type: ArrowType) throws(ArrowFault) {
        switch type {
        case .dictionary(let id, _, _, let words):
            if let known = types[id], known != words { throw .broken }
            types[id] = words
            try note(words)
        case .list(let field, _), .fixedList(let field, _): try note(field.type)
        case .structure(let fields): for field in fields { try note(field.type) }
        case .map(let key, let value):
            try note(key.type)
            try note(value.type)
        default: break
        }
    }

    // MARK: Messages

    private typealias Message = (kind: UInt8, table: FlatTable, body: Range<Int>)

    /// - Parameter place: of the message; of the next one afterwards.
    /// - Returns: nil at the end.
    private static func message(
        _ place: inout Int, _ descriptor: Int32, _ size: Int
    ) throws(ArrowFault) -> Message? {
        guard place + 8 <= size else { return nil }
        let head = try read(place..<place + 8, descriptor)
        var length = Int(try head.number(UInt32.self, at: 0))
        var start = place + 4
        if length == 0xFFFF_FFFF {
            length = Int(try head.number(UInt32.self, at: 4))
            start = place + 8
        }
        guard length > 0 else { return nil }
        guard length <= headLimit, length <= size - start else { throw ArrowFault("it ends within a batch") }
        let message = try FlatTable(try read(start..<start + length, descriptor))
        let body = try message.number(3, usual: Int64(0))
        guard body >= 0, body <= size - start - length else { throw ArrowFault("it ends within a batch") }
        guard let table = try message.table(2) else { throw .broken }
        place = start + length + Int(body)
        return (try message.number(1, usual: UInt8(0)), table, start + length..<place)
    }

    private static func read(_ range: Range<Int>, _ descriptor: Int32) throws(ArrowFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var done = 0
        while done < range.count {
            let count = bytes.withUnsafeMutableBytes { raw in
                raw.baseAddress.map { pread(descriptor, $0 + done, range.count - done, range.lowerBound + done) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ArrowFault("it cannot be read to its end") }
            done += count
        }
        return bytes
    }

    /// - Returns: nil at the end.
    func next() throws(ArrowFault) -> Batch? {
        while let message = try Self.message(&place, descriptor, size) {
            switch message.kind {
            case 2:
                let id = try message.table.number(0, usual: Int64(0))
                guard let type = types[id], let table = try message.table.table(1) else { throw .broken }
                guard try message.table.number(2, usual: UInt8(0)) == 0 else {
                    throw ArrowFault("its dictionaries grow from batch to batch, which the viewer does not read")
                }
                let batch = try batch(table, message.body)
                var cursor = try Cursor(batch)
                dictionaries[id] = try array(type, &cursor, batch, isWanted: true)
            case 3: return try batch(message.table, message.body)
            default: throw .broken
            }
        }
        return nil
    }

    private func batch(_ table: FlatTable, _ body: Range<Int>) throws(ArrowFault) -> Batch {
        let count = try table.number(0, usual: Int64(0))
        guard count >= 0, count < 1 << 40 else { throw .broken }
        return Batch(count: Int(count), table: table, body: body)
    }

    // MARK: Columns

    /// Where in a batch's lists the next column stands.
    private struct Cursor {
        let nodes: [(Int64, Int64)]
        let buffers: [(Int64, Int64)]
        let views: [Int64]
        /// 0 for LZ4, 1 for ZSTD; nil for none.
        let codec: Int8?
        var node = 0
        var buffer = 0
        var view = 0

        init(_ batch: Batch) throws(ArrowFault) {
            nodes = try batch.table.pairs(1)
            buffers = try batch.table.pairs(2)
            views = try batch.table.numbers(4)
            codec = try batch.table.table(3).map { compression throws(ArrowFault) in
                try compression.number(0, usual: Int8(0))
            }
        }
    }

    /// - Parameter wanted: the columns that are read, by their numbers.
    func columns(of batch: Batch, _ wanted: Set<Int>) throws(ArrowFault) -> [Int: ArrowArray] {
        var cursor = try Cursor(batch)
        var found: [Int: ArrowArray] = [:]
        for (index, column) in columns.enumerated() {
            let array = try array(column.type, &cursor, batch, isWanted: wanted.contains(index))
            if let array {
                guard array.count == batch.count else { throw .broken }
                found[index] = array
            }
        }
        return found
    }

    private func array(
        _ type: ArrowType, _ cursor: inout Cursor, _ batch: Batch, isWanted: Bool
    ) throws(ArrowFault) -> ArrowArray? {
        guard cursor.node < cursor.nodes.count else { throw .broken }
        let (length, nulls) = cursor.nodes[cursor.node]
        cursor.node += 1
        guard length >= 0, length < 1 << 40, nulls >= 0, nulls <= length else { throw .broken }
        let count = Int(length)
        func buffer() throws(ArrowFault) -> [UInt8] {
            guard cursor.buffer < cursor.buffers.count else { throw .broken }
            defer { cursor.buffer += 1 }
            guard isWanted else { return [] }
            return try read(cursor.buffers[cursor.buffer], of: batch, codec: cursor.codec)
        }
        if case .null = type {
            return isWanted
                ? ArrowArray(type: type, count: count, validity: nil, buffers: [], children: [], words: nil) : nil
        }
        var validity: [UInt8]? = try buffer()
        // Nothing but the values is written where no value is missing.
        if nulls == 0 || validity?.isEmpty == true { validity = nil }
        var (buffers, fields, words) = ([[UInt8]](), [ArrowField](), ArrowArray?.none)
        switch type {
        case .null, .structure: break
        case .fixedList: break
        case .bytes:
            buffers.append(try buffer())
            buffers.append(try buffer())
        case .view:
            guard cursor.view < cursor.views.count else { throw .broken }
            let more = cursor.views[cursor.view]
            cursor.view += 1
            guard more >= 0, more < cursor.buffers.count else { throw .broken }
            for _ in 0...more { buffers.append(try buffer()) }
        case .dictionary(let id, _, _, _):
            buffers.append(try buffer())
            words = dictionaries[id]
            if isWanted, words == nil, nulls < length { throw ArrowFault("a dictionary is missing") }
        default: buffers.append(try buffer())
        }
        switch type {
        case .structure(let members): fields = members
        case .list(let field, _), .fixedList(let field, _): fields = [field]
        case .map(let key, let value): fields = [ArrowField(name: "entries", type: .structure([key, value]))]
        default: break
        }
        var children: [ArrowArray] = []
        for field in fields {
            if let child = try array(field.type, &cursor, batch, isWanted: isWanted) { children.append(child) }
        }
        guard isWanted else { return nil }
        return ArrowArray(
            type: type, count: count, validity: validity, buffers: buffers, children: children, words: words)
    }

    private func read(_ place: (Int64, Int64), of batch: Batch, codec: Int8?) throws(ArrowFault) -> [UInt8] {
        let (offset, length) = place
        guard offset >= 0, length >= 0, length <= batch.body.count, offset <= Int64(batch.body.count) - length else {
            throw .broken
        }
        guard length <= Self.bufferLimit else { throw ArrowFault("a column of a batch has \(length) bytes") }
        guard length > 0 else { return [] }
        let start = batch.body.lowerBound + Int(offset)
        let bytes = try Self.read(start..<start + Int(length), descriptor)
        guard let codec else { return bytes }
        let size = try bytes.number(Int64.self, at: 0)
        if size == -1 { return Array(bytes.dropFirst(8)) }
        guard codec == 0 else {
            throw ArrowFault("it is packed with ZSTD, which the viewer does not read; LZ4 or none it reads")
        }
        guard size >= 0, size <= Self.bufferLimit, size <= length * 256 else {
            throw ArrowFault("a part that is packed with LZ4 is damaged")
        }
        return try LZ4Frame.unpack(bytes.dropFirst(8), to: Int(size))
    }
}

extension ArrowField {
    init(name: String, type: ArrowType) {
        self.name = name
        self.type = type
    }
}
