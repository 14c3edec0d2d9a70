/// One value of a statement's argument or of a row's column.
package enum Value: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

extension Value {
    /// An integer, or null.
    package init(_ integer: Int64?) { self = integer.map(Value.integer) ?? .null }

    /// An integer, or null.
    package init(_ integer: Int?) { self = integer.map { .integer(Int64($0)) } ?? .null }

    /// A text, or null.
    package init(_ text: String?) { self = text.map(Value.text) ?? .null }

    /// 1 for true and 0 for false: the one form that every database stores alike.
    package init(_ flag: Bool) { self = .integer(flag ? 1 : 0) }

    /// A floating-point number, or null. SQLite stores NaN as null.
    package init(_ real: Double?) { self = real.map(Value.real) ?? .null }

    /// Bytes, or null.
    package init(_ bytes: [UInt8]?) { self = bytes.map(Value.blob) ?? .null }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(booleanLiteral value: Bool) { self = .integer(value ? 1 : 0) }
    package init(floatLiteral value: Double) { self = .real(value) }
}

extension Value {
    /// What kind of value this is, for messages. Never the value itself: it may be a secret.
    var kindName: String {
        switch self {
        case .null: "null"
        case .integer: "an integer"
        case .real: "a real"
        case .text: "a text"
        case .blob: "a blob"
        }
    }
}
