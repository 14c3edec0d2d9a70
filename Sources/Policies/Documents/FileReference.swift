/// A file that a policy names. Whether it exists and who may read it is for the caller to check: this target does no I/O.
package struct FileReference: Sendable, Hashable {
    package enum Purpose: String, Sendable, Hashable {
        /// Secret: a bearer token.
        case token
        /// Secret: `user:password`.
        case basic
        case certificateAuthority = "ca"
        /// Secret.
        case signingKey = "signing-key"

        /// Whether the file must not be readable by everyone.
        package var isSecret: Bool { self != .certificateAuthority }
    }

    package let path: String
    package let purpose: Purpose
    package let location: SourceLocation
}
