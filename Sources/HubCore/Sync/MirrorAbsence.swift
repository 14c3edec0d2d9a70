/// That a mirrored repository is no longer to be had above.
package struct MirrorAbsence: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// It was removed, or is hidden from us.
        case gone
        /// It is there, and not for us any more.
        case restricted
    }

    package enum Treatment: String, Sendable, Hashable, CaseIterable {
        /// What is here is served as before.
        case keep
        /// What is here is kept and refused.
        case tombstone
    }

    package let state: State
    package let treatment: Treatment
    /// What the upstream said.
    package let message: String
    /// Milliseconds since 1970.
    package let since: Int64

    package init(state: State, treatment: Treatment, message: String, since: Int64) {
        self.state = state
        self.treatment = treatment
        self.message = message
        self.since = since
    }
}
