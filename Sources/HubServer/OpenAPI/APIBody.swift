/// What a request brings.
struct APIBody: Sendable {
    let type: String
    let schema: JSONSchema
    var isRequired = true

    static func json(_ schema: JSONSchema, isRequired: Bool = true) -> APIBody {
        APIBody(type: "application/json", schema: schema, isRequired: isRequired)
    }

    /// A form with a file in it.
    static func form(_ schema: JSONSchema) -> APIBody { APIBody(type: "multipart/form-data", schema: schema) }

    func write(to json: inout JSONWriter) {
        json.object("requestBody") { json in
            json.member("required", isRequired)
            json.object("content") { json in
                json.object(type) { json in
                    json.key("schema")
                    schema.write(to: &json)
                }
            }
        }
    }
}
