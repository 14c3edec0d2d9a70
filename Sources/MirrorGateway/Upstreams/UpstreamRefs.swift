package import HubCore

/// The refs of an upstream repository at one moment.
package struct UpstreamRefs: Sendable, Hashable {
    /// In the order the upstream lists them; names that git would refuse are left out.
    package var refs: [Ref]
    /// The branch `HEAD` points at, also when that branch has no commit yet; nil when `HEAD` is detached or missing.
    package var head: RefName?

    package init(refs: [Ref], head: RefName? = nil) {
        self.refs = refs
        self.head = head
    }
}
