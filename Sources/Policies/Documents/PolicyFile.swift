/// One policy file, already read: the target itself does no I/O.
package struct PolicyFile: Sendable, Equatable {
    /// The name shown to people, such as `mirrors.d/opencsg.yaml`.
    package let name: String
    package let text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
