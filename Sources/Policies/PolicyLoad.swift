/// What came of reading a set of policy files: all of it, or nothing and the reasons.
package struct PolicyLoad: Sendable {
    /// Nil exactly when there are errors.
    package let snapshot: PolicySnapshot?
    package let errors: [PolicyDiagnostic]
    /// It loads, but probably does not mean what its author meant.
    package let warnings: [PolicyDiagnostic]
    /// What is parsed and not enforced yet.
    package let notices: [PolicyDiagnostic]
    /// Files that the enabled mirrors name, for the caller to check.
    package let referencedFiles: [FileReference]
}
