/// What a capture of a route's pattern looks like and means.
struct APICapture: Sendable {
    let schema: JSONSchema

    init(_ schema: JSONSchema) { self.schema = schema }

    /// What captures of these names mean wherever nothing else is said.
    static let known: [String: APICapture] = [
        "namespace": APICapture(.text("The user or organisation the repository belongs to.")),
        "name": APICapture(.text("The repository's name in its namespace.")),
        "kind": APICapture(.words(["model", "dataset", "space", "code"], "What the repository holds.")),
        "ref": APICapture(.text("A branch, a tag or a commit.")),
        "revision": APICapture(.text("A branch, a tag or a commit.")),
        "path": APICapture(.text("A path in the repository; its slashes may be escaped.")),
        "organization": APICapture(.text("An organisation's name.")),
        "user": APICapture(.text("A user's name.")),
        "username": APICapture(.text("A user's name.")),
    ]
}
