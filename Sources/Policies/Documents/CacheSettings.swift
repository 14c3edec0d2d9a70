/// How long an answer of an upstream holds.
package struct CacheSettings: Sendable, Hashable {
    /// A branch's or tag's commit.
    package var refTTL: Duration = .seconds(600)
    /// Listings and searches.
    package var listTTL: Duration = .seconds(300)
    /// That something does not exist.
    package var negativeTTL: Duration = .seconds(60)
    /// Longest time for which a stale answer may stand in for a silent upstream.
    package var serveStaleMaximumAge: Duration = .seconds(30 * 86_400)
    /// Bytes of one part of a file.
    package var chunk: Int64 = 8 << 20
}
