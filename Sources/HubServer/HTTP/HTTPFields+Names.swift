package import HTTPTypes

extension HTTPFields {
    /// The first value of a header by its name, for headers without a typed name: `headers["X-Repo-Commit"] = id`.
    ///
    /// A name that is no token is ignored. Values cannot break the header block: control characters become spaces.
    package subscript(_ name: String) -> String? {
        get { HTTPField.Name(name).flatMap { self[$0] } }
        set {
            guard let name = HTTPField.Name(name) else { return }
            self[name] = newValue
        }
    }

    /// Adds another value of a header that may repeat.
    package mutating func add(_ name: String, _ value: String) {
        guard let name = HTTPField.Name(name) else { return }
        append(HTTPField(name: name, value: value))
    }
}
