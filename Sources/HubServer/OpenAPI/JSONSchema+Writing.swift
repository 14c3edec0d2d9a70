extension JSONSchema {
    /// Writes the schema as one JSON value; what has a name becomes a reference.
    func write(to json: inout JSONWriter) {
        guard isNullable else { return json.object { members(to: &$0) } }
        var plain = self
        plain.isNullable = false
        plain.meaning = nil
        let alternative = plain
        json.object { json in
            json.array("anyOf") { json in
                alternative.write(to: &json)
                json.object { $0.member("type", "null") }
            }
            if let meaning { json.member("description", meaning) }
        }
    }

    private func members(to json: inout JSONWriter) {
        switch shape {
        case .anything: break
        case .string(let format, let pattern, let words):
            json.member("type", "string")
            if let format { json.member("format", format) }
            if let pattern { json.member("pattern", pattern) }
            if !words.isEmpty { json.member("enum", words) }
        case .integer(let range):
            json.member("type", "integer")
            json.member("format", "int64")
            if let range, range.lowerBound != .min { json.member("minimum", range.lowerBound) }
            if let range, range.upperBound != .max { json.member("maximum", range.upperBound) }
        case .number: json.member("type", "number")
        case .boolean: json.member("type", "boolean")
        case .constant(.text(let text)): json.member("const", text)
        case .constant(.flag(let flag)): json.member("const", flag)
        case .array(let element):
            json.member("type", "array")
            json.key("items")
            element.write(to: &json)
        case .object(let members): Self.object(members, to: &json)
        case .map(let value):
            json.member("type", "object")
            json.key("additionalProperties")
            value.write(to: &json)
        case .oneOf(let schemas):
            json.array("anyOf") { json in for schema in schemas { schema.write(to: &json) } }
        case .named(let name, _): json.member("$ref", "#/components/schemas/\(name)")
        }
        if let meaning { json.member("description", meaning) }
    }

    private static func object(_ members: [Member], to json: inout JSONWriter) {
        json.member("type", "object")
        let required = members.filter { !$0.schema.isOptional }.map(\.name)
        if !required.isEmpty { json.member("required", required) }
        json.object("properties") { json in
            for member in members {
                json.key(member.name)
                member.schema.write(to: &json)
            }
        }
    }

    /// Every schema with a name that this one uses, itself included, by name.
    ///
    /// - Throws: ``APIMistake`` when two schemas have one name.
    func collect(into names: inout [String: JSONSchema]) throws {
        switch shape {
        case .anything, .string, .integer, .number, .boolean, .constant: break
        case .array(let inner), .map(let inner): try inner.collect(into: &names)
        case .object(let members): for member in members { try member.schema.collect(into: &names) }
        case .oneOf(let schemas): for schema in schemas { try schema.collect(into: &names) }
        case .named(let name, let schema):
            if let known = names[name] {
                guard known == schema else { throw APIMistake("two schemas are called \(name)") }
                return
            }
            names[name] = schema
            try schema.collect(into: &names)
        }
    }
}

/// Why no document can be made of the declarations.
struct APIMistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
