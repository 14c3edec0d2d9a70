/// The type of a column of an Arrow file, as far as it is read.
/// - SeeAlso: apache/arrow, `format/Schema.fbs`.
indirect enum ArrowType: Hashable {
    enum Unit: Int16 {
        case seconds, milliseconds, microseconds, nanoseconds
    }

    case null, boolean, half
    /// Whole numbers of so many bytes.
    case integer(bytes: Int, isSigned: Bool)
    case float(bytes: Int)
    case decimal(width: Int, scale: Int)
    case bytes(isText: Bool, isLarge: Bool)
    case view(isText: Bool)
    case fixedBytes(Int)
    case days, millisecondsOfDays
    case time(Unit, bytes: Int)
    case timestamp(Unit, isZoned: Bool)
    case duration(Unit)
    case list(ArrowField, isLarge: Bool)
    case fixedList(ArrowField, Int)
    case structure([ArrowField])
    case map(key: ArrowField, value: ArrowField)
    case dictionary(id: Int64, index: Int, isSigned: Bool, ArrowType)
}

/// A column of an Arrow file, or a part of one.
struct ArrowField: Hashable {
    let name: String
    let type: ArrowType

    private static let depthLimit = 32
    /// Columns, those within others included.
    private static let fieldLimit = 20_000

    /// The columns that a schema names.
    static func columns(of schema: FlatTable) throws(ArrowFault) -> [ArrowField] {
        guard try schema.number(0, usual: Int16(0)) == 0 else {
            throw ArrowFault("its numbers begin with the most significant byte, which is not read")
        }
        var count = 0
        var columns: [ArrowField] = []
        for field in try schema.tables(1) { columns.append(try ArrowField(field, depth: 0, &count)) }
        return columns
    }

    private init(_ field: FlatTable, depth: Int, _ count: inout Int) throws(ArrowFault) {
        count += 1
        guard depth < Self.depthLimit, count <= Self.fieldLimit else {
            throw ArrowFault("it has too many columns, or columns within columns")
        }
        name = try field.text(0) ?? ""
        var children: [ArrowField] = []
        for child in try field.tables(5) { children.append(try ArrowField(child, depth: depth + 1, &count)) }
        let type = try Self.type(try field.number(2, usual: UInt8(0)), try field.table(3), children, name)
        guard let encoding = try field.table(4) else {
            self.type = type
            return
        }
        var (bytes, isSigned) = (4, true)
        if let index = try encoding.table(1) {
            bytes = try Self.bytes(index)
            isSigned = try index.number(1, usual: UInt8(0)) != 0
        }
        self.type = .dictionary(id: try encoding.number(0, usual: 0), index: bytes, isSigned: isSigned, type)
    }

    private static func bytes(_ integer: FlatTable) throws(ArrowFault) -> Int {
        let bits = try integer.number(0, usual: Int32(0))
        guard [8, 16, 32, 64].contains(bits) else { throw .broken }
        return Int(bits) / 8
    }

    private static func unit(_ table: FlatTable, usual: Int16) throws(ArrowFault) -> ArrowType.Unit {
        guard let unit = ArrowType.Unit(rawValue: try table.number(0, usual: usual)) else { throw .broken }
        return unit
    }

    private static func type(
        _ number: UInt8, _ table: FlatTable?, _ children: [ArrowField], _ name: String
    ) throws(ArrowFault) -> ArrowType {
        guard let table else { throw .broken }
        func only() throws(ArrowFault) -> ArrowField {
            guard children.count == 1 else { throw .broken }
            return children[0]
        }
        switch number {
        case 1: return .null
        case 2:
            return .integer(bytes: try bytes(table), isSigned: try table.number(1, usual: UInt8(0)) != 0)
        case 3:
            switch try table.number(0, usual: Int16(0)) {
            case 0: return .half
            case 1: return .float(bytes: 4)
            case 2: return .float(bytes: 8)
            default: throw .broken
            }
        case 4: return .bytes(isText: false, isLarge: false)
        case 5: return .bytes(isText: true, isLarge: false)
        case 6: return .boolean
        case 7:
            let (width, scale) = (try table.number(0, usual: Int32(0)), try table.number(1, usual: Int32(0)))
            guard try table.number(2, usual: Int32(128)) == 128, (1...38).contains(width), (0...width).contains(scale)
            else { throw unread("decimal256", name) }
            return .decimal(width: Int(width), scale: Int(scale))
        case 8: return try table.number(0, usual: Int16(1)) == 0 ? .days : .millisecondsOfDays
        case 9:
            let bits = try table.number(1, usual: Int32(32))
            guard bits == 32 || bits == 64 else { throw .broken }
            return .time(try unit(table, usual: 1), bytes: Int(bits) / 8)
        case 10: return .timestamp(try unit(table, usual: 0), isZoned: !(try table.text(1) ?? "").isEmpty)
        case 12: return .list(try only(), isLarge: false)
        case 13: return .structure(children)
        case 15:
            let width = try table.number(0, usual: Int32(0))
            guard width >= 0 else { throw .broken }
            return .fixedBytes(Int(width))
        case 16:
            let size = try table.number(0, usual: Int32(0))
            guard size >= 0 else { throw .broken }
            return .fixedList(try only(), Int(size))
        case 17:
            guard case .structure(let pair) = try only().type, pair.count == 2 else { throw .broken }
            return .map(key: pair[0], value: pair[1])
        case 18: return .duration(try unit(table, usual: 1))
        case 19: return .bytes(isText: false, isLarge: true)
        case 20: return .bytes(isText: true, isLarge: true)
        case 21: return .list(try only(), isLarge: true)
        case 23: return .view(isText: false)
        case 24: return .view(isText: true)
        case 11: throw unread("interval", name)
        case 14: throw unread("union", name)
        case 22: throw unread("run_end_encoded", name)
        case 25, 26: throw unread("list_view", name)
        default: throw unread("number \(number)", name)
        }
    }

    private static func unread(_ type: String, _ name: String) -> ArrowFault {
        ArrowFault("the column '\(name.prefix(80))' has the type \(type), which the viewer does not read")
    }
}
