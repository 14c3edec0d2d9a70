/// Which dialect an upstream speaks.
package enum UpstreamType: String, Sendable, CaseIterable {
    /// The OpenCSG service: CSGHub's REST, git at a host of its own, LFS batches without the sync token.
    case opencsg
    /// Any other CSGHub.
    case csghub
    /// huggingface.co or a mirror that speaks its API.
    case huggingface
    /// modelscope.cn or what speaks its REST.
    case modelscope
    /// Another Weir.
    case weir
    /// Plain git over HTTP with git-lfs: Gitea, GitLab, GitHub, giftless behind nginx.
    case gitLFS = "git-lfs"
}
