import Testing

@Suite struct PlaceholderHubCoreTests {
    @Test func compiles() { #expect(Bool(true)) }
}
