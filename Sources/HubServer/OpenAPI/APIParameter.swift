/// A parameter of the query, or a header that a route reads.
struct APIParameter: Sendable {
    enum Place: String, Sendable { case query, header }

    let name: String
    let place: Place
    let schema: JSONSchema
    let isRequired: Bool

    init(_ name: String, _ schema: JSONSchema, in place: Place = .query, isRequired: Bool = false) {
        self.name = name
        self.place = place
        self.schema = schema
        self.isRequired = isRequired
    }

    static func required(_ name: String, _ schema: JSONSchema) -> APIParameter {
        APIParameter(name, schema, isRequired: true)
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("name", name)
            json.member("in", place.rawValue)
            if let meaning = schema.meaning { json.member("description", meaning) }
            json.member("required", isRequired)
            json.key("schema")
            schema.write(to: &json)
        }
    }
}
