extension DocumentReader {
    /// Reads a `recommend` block.
    func recommend(_ node: DocumentNode) -> RecommendSettings? {
        guard let fields = fields(node, "recommend", keys: ["weights", "hardware", "exclude"]) else { return nil }
        var recommend = RecommendSettings()
        let signals = RankingSignal.allCases
        if let weights = fields["weights"].flatMap({ self.fields($0, "weights", keys: signals.map(\.rawValue)) }) {
            for signal in signals {
                recommend.weights[signal] = weights[signal.rawValue].flatMap { fraction($0, signal.rawValue) }
            }
        }
        if let node = fields["hardware"] {
            recommend.hardware =
                items(node, "hardware", example: "hardware: [{name: a10, vram: 24GiB}]")?
                .compactMap(hardware) ?? []
        }
        recommend.exclude = fields["exclude"].map { choices($0, "exclude") } ?? []
        return recommend
    }

    private func hardware(_ node: DocumentNode) -> RecommendSettings.Hardware? {
        guard let fields = fields(node, "hardware", keys: ["name", "vram"]) else { return nil }
        let name = required("name", of: fields, example: "a10").flatMap { text($0, "name") }
        let memory = required("vram", of: fields, example: "24GiB").flatMap { bytes($0, "vram") }
        guard let name, let memory else { return nil }
        return .init(name: name, memory: memory)
    }
}
