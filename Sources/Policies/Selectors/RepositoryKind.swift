/// The kinds of repository that rules can name.
package enum RepositoryKind: String, Sendable, Hashable, CaseIterable {
    case model
    case dataset
    case space
    case code
    case prompt
    case mcpserver
    case skill
}
