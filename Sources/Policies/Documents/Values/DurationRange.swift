/// A shortest and a longest time, written `1s..60s`.
package struct DurationRange: Sendable, Hashable {
    package let shortest: Duration
    package let longest: Duration

    package init(shortest: Duration, longest: Duration) {
        self.shortest = shortest
        self.longest = longest
    }
}
