/// One way a route answers when all is well.
struct APIAnswer: Sendable {
    let status: Int
    let meaning: String
    /// Media types with what they hold; bytes have no schema.
    let content: [(type: String, schema: JSONSchema?)]
    var headers: [APIHeader] = []

    /// JSON.
    static func json(_ schema: JSONSchema, status: Int = 200, _ meaning: String = "Done.") -> APIAnswer {
        APIAnswer(status: status, meaning: meaning, content: [("application/json", schema)])
    }

    /// Nothing but the status.
    static func empty(_ status: Int = 204, _ meaning: String = "Done.") -> APIAnswer {
        APIAnswer(status: status, meaning: meaning, content: [])
    }

    /// Bytes, of one of `types`.
    static func bytes(_ types: String..., status: Int = 200, meaning: String = "The bytes.") -> APIAnswer {
        APIAnswer(status: status, meaning: meaning, content: types.map { ($0, nil) })
    }

    /// The same, with headers that come along.
    func with(_ headers: APIHeader...) -> APIAnswer {
        var copy = self
        copy.headers += headers
        return copy
    }

    /// A page of a list: there may be more.
    var paged: APIAnswer { with(APIHeader("Link", .text("The next page, as `<URL>; rel=\"next\"`."))) }
}

/// A header of an answer.
struct APIHeader: Sendable {
    let name: String
    let schema: JSONSchema
    let isRequired: Bool

    init(_ name: String, _ schema: JSONSchema, isRequired: Bool = false) {
        self.name = name
        self.schema = schema
        self.isRequired = isRequired
    }

    func write(to json: inout JSONWriter) {
        json.object(name) { json in
            if let meaning = schema.meaning { json.member("description", meaning) }
            json.member("required", isRequired)
            json.key("schema")
            schema.write(to: &json)
        }
    }
}
