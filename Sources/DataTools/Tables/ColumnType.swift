/// The type of a column as the engine has it.
package struct ColumnType: Sendable, Codable, Hashable {
    package enum Kind: String, Sendable, Codable {
        case boolean, int8, int16, int32, int64, uint8, uint16, uint32, uint64, int128, uint128, float32, float64,
            decimal
        case text, blob, date, time, timestamp, timestampTZ, interval, uuid, enumeration, list, array, structure, map
        case union, null, other
    }

    package var kind: Kind
    /// Of a list or array one, of a map key and value, of a structure or union its members.
    package var children: [ColumnType]
    /// Names of the members.
    package var names: [String]
    /// Elements of an array; digits behind the point of a decimal.
    package var size: Int
    /// Digits of a decimal.
    package var width: Int
    /// Of a timestamp: `s`, `ms`, `us` or `ns`.
    package var unit: String

    package init(
        _ kind: Kind, children: [ColumnType] = [], names: [String] = [], size: Int = 0, width: Int = 0,
        unit: String = ""
    ) {
        self.kind = kind
        self.children = children
        self.names = names
        self.size = size
        self.width = width
        self.unit = unit
    }

    /// Whether values have an order and a distance.
    package var isNumeric: Bool {
        switch kind {
        case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .int128, .uint128, .float32, .float64,
            .decimal:
            true
        default: false
        }
    }

    package var isInteger: Bool { isNumeric && kind != .float32 && kind != .float64 && kind != .decimal }
    package var isTime: Bool { kind == .date || kind == .timestamp || kind == .timestampTZ }
    package var isNested: Bool { !children.isEmpty }

    /// In few words, for people: `int64`, `string`, `list<string>`, `struct`.
    package var label: String {
        switch kind {
        case .text, .enumeration: "string"
        case .boolean: "bool"
        case .blob: "binary"
        case .timestamp, .timestampTZ: "timestamp"
        case .list: "list<\(children.first?.label ?? "null")>"
        case .array: "list<\(children.first?.label ?? "null")>[\(size)]"
        case .structure: Self.isMedia(self) ? "media" : "struct"
        case .decimal: "decimal(\(width),\(size))"
        default: kind.rawValue
        }
    }

    /// Bytes of a picture or a sound with the name of their file, as `datasets` writes them.
    package static func isMedia(_ type: ColumnType) -> Bool {
        type.kind == .structure && Set(type.names) == ["bytes", "path"]
            && type.children.contains { $0.kind == .blob }
    }
}

/// A column of a table.
package struct TableColumn: Sendable, Codable, Hashable {
    package let name: String
    package let type: ColumnType

    package init(name: String, type: ColumnType) {
        self.name = name
        self.type = type
    }
}
