/// One message of a webhook, as its owner looks at it.
package struct WebhookDelivery: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        /// It is to be sent, or sent again.
        case waiting
        case sent
        /// It was tried often enough.
        case failed
        /// It was not for the webhook's owner any more.
        case dropped
    }

    package let id: CommunityID
    package let state: State
    package let action: String
    package let scope: String
    /// What it is about; nil where that is not, or no more, for the owner to know.
    package let repository: RepositoryID?
    /// What is told, without the secret, which is no part of it; nil as for ``repository``.
    package let payload: JSONValue?
    package let attempts: Int64
    /// What the receiver answered last.
    package let status: Int64?
    /// What went wrong last.
    package let note: String?
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// When it is tried next; nil for what is not tried again.
    package let nextAt: Int64?
}
