/// What a JSON value looks like: the part of JSON Schema 2020-12 that our interfaces need, as a value.
///
/// ```swift
/// static let token = JSONSchema.named("Token", .object([
///     "name": .text("What its owner calls it."),
///     "expiresAt": .time.orNull,
///     "resources": .array(of: .text).optional,
/// ]))
/// ```
/// A named schema is written once, among the document's components, and referred to elsewhere.
struct JSONSchema: Sendable, Equatable {
    indirect enum Shape: Sendable, Equatable {
        case anything
        case string(format: String?, pattern: String?, words: [String])
        case integer(ClosedRange<Int64>?)
        case number
        case boolean
        case constant(JSONScalar)
        case array(JSONSchema)
        case object([Member])
        /// An object whose members all look alike, whatever they are called.
        case map(JSONSchema)
        case oneOf([JSONSchema])
        case named(String, JSONSchema)
    }

    /// A value that can stand alone.
    enum JSONScalar: Sendable, Equatable {
        case text(String)
        case flag(Bool)
    }

    /// One member of an object.
    struct Member: Sendable, Equatable {
        let name: String
        let schema: JSONSchema
    }

    let shape: Shape
    /// What the value means, for people.
    var meaning: String?
    var isNullable = false
    /// Whether an object may lack the member that has this schema.
    var isOptional = false

    init(_ shape: Shape, _ meaning: String? = nil) {
        self.shape = shape
        self.meaning = meaning
    }
}

// MARK: Words for declarations

extension JSONSchema {
    static let anything = JSONSchema(.anything)
    static let text = JSONSchema(.string(format: nil, pattern: nil, words: []))
    static let integer = JSONSchema(.integer(nil))
    static let number = JSONSchema(.number)
    static let boolean = JSONSchema(.boolean)
    /// A count or a size: never negative.
    static let count = JSONSchema(.integer(0...Int64.max))
    /// A moment as `2024-01-31T12:00:00.000Z`.
    static let time = JSONSchema(.string(format: "date-time", pattern: nil, words: []))
    /// Our own numbers as the gateway's interface shows them.
    static let hexadecimal = JSONSchema(.string(format: nil, pattern: "^-?[0-9a-f]+$", words: []))
    static let commitID = JSONSchema(.string(format: nil, pattern: "^[0-9a-f]{40}$", words: []))
    static let sha256 = JSONSchema(.string(format: nil, pattern: "^[0-9a-f]{64}$", words: []))

    static func text(_ meaning: String) -> JSONSchema { text.meaning(meaning) }
    static func integer(_ range: ClosedRange<Int64>, _ meaning: String? = nil) -> JSONSchema {
        JSONSchema(.integer(range), meaning)
    }
    static func boolean(_ meaning: String) -> JSONSchema { boolean.meaning(meaning) }
    static func words(_ words: [String], _ meaning: String? = nil) -> JSONSchema {
        JSONSchema(.string(format: nil, pattern: nil, words: words), meaning)
    }
    static func words<Word: RawRepresentable<String> & CaseIterable>(
        of type: Word.Type, _ meaning: String? = nil
    ) -> JSONSchema {
        words(Word.allCases.map(\.rawValue), meaning)
    }
    static func constant(_ text: String) -> JSONSchema { JSONSchema(.constant(.text(text))) }
    static func constant(_ flag: Bool) -> JSONSchema { JSONSchema(.constant(.flag(flag))) }
    static func array(of element: JSONSchema, _ meaning: String? = nil) -> JSONSchema {
        JSONSchema(.array(element), meaning)
    }
    static func object(_ members: KeyValuePairs<String, JSONSchema>, _ meaning: String? = nil) -> JSONSchema {
        JSONSchema(.object(members.map { Member(name: $0.key, schema: $0.value) }), meaning)
    }
    static func map(of value: JSONSchema, _ meaning: String? = nil) -> JSONSchema { JSONSchema(.map(value), meaning) }
    static func oneOf(_ schemas: JSONSchema...) -> JSONSchema { JSONSchema(.oneOf(schemas)) }
    static func named(_ name: String, _ schema: JSONSchema) -> JSONSchema { JSONSchema(.named(name, schema)) }

    func meaning(_ text: String) -> JSONSchema {
        var copy = self
        copy.meaning = text
        return copy
    }

    /// The same, or null.
    var orNull: JSONSchema {
        var copy = self
        copy.isNullable = true
        return copy
    }

    /// A member that may be absent.
    var optional: JSONSchema {
        var copy = self
        copy.isOptional = true
        return copy
    }

    /// A member of a request that may be absent or null: how Codable reads an optional.
    var omittable: JSONSchema { orNull.optional }

    /// An object's members and those of `other`, under no name.
    func adding(_ other: KeyValuePairs<String, JSONSchema>) -> JSONSchema {
        switch shape {
        case .object(let members):
            JSONSchema(.object(members + other.map { Member(name: $0.key, schema: $0.value) }), meaning)
        case .named(_, let schema): schema.adding(other)
        default: self
        }
    }
}
