/// A ref and the object it names.
package struct Ref: Hashable, Sendable {
    /// The full name.
    package var name: RefName
    /// The object the ref names: a commit, or an annotated tag.
    package var target: ObjectID
    /// What an annotated tag finally points at; nil when `target` is no tag object.
    package var peeled: ObjectID?

    package init(name: RefName, target: ObjectID, peeled: ObjectID? = nil) {
        self.name = name
        self.target = target
        self.peeled = peeled
    }
}
