import Testing

@Suite struct PlaceholderHubServerTests {
    @Test func compiles() { #expect(Bool(true)) }
}
