/// Titles by which the terms of vendors are told. Their texts are on no list that may be shipped; the titles are facts.
enum VendorTitles {
    struct Title: Sendable {
        let id: String
        /// Words joined by spaces, any of which is enough.
        let phrases: [String]
        /// Signs that the words do not show and that must be in the text, in lower case.
        var sign: String?
    }

    /// More telling ones first: `creativeml open rail++-m` before `creativeml open rail-m`.
    static let all: [Title] = [
        title("LicenseRef-llama2", "llama 2 community license", "llama 2 license agreement"),
        title("LicenseRef-llama3", "llama 3 community license", "meta llama 3 license"),
        title("LicenseRef-llama3.1", "llama 3.1 community license"),
        title("LicenseRef-llama3.2", "llama 3.2 community license"),
        title("LicenseRef-llama3.3", "llama 3.3 community license"),
        title("LicenseRef-llama4", "llama 4 community license"),
        title("LicenseRef-gemma", "gemma terms of use"),
        Title(
            id: "LicenseRef-openrail++", phrases: ["creativeml open rail m", "creativeml openrail m", "openrail m"],
            sign: "rail++"),
        title("LicenseRef-creativeml-openrail-m", "creativeml open rail m", "creativeml openrail m"),
        title("LicenseRef-bigcode-openrail-m", "bigcode open rail m", "bigcode openrail m"),
        title("LicenseRef-bigscience-openrail-m", "bigscience open rail m", "bigscience openrail m"),
        title(
            "LicenseRef-bigscience-bloom-rail-1.0", "bigscience rail license", "bigscience bloom rail",
            "bigscience rail 1.0"),
        title("LicenseRef-deepfloyd-if-license", "deepfloyd if license"),
        title("LicenseRef-grok2-community", "grok 2 community license", "grok 2 license"),
        title("LicenseRef-apple-amlr", "apple machine learning research model license"),
        title("LicenseRef-apple-ascl", "apple sample code license"),
        title("LicenseRef-intel-research", "intel research use license"),
        title("LicenseRef-h-research", "h research license"),
        title("LicenseRef-fair-noncommercial-research-license", "fair noncommercial research license"),
        title("LicenseRef-tongyi-qianwen-research", "tongyi qianwen research license"),
        title("LicenseRef-tongyi-qianwen", "tongyi qianwen license"),
        title("LicenseRef-qwen-research", "qwen research license"),
        title("LicenseRef-qwen", "qwen license agreement"),
        title("LicenseRef-deepseek", "deepseek license agreement"),
        title("LicenseRef-falcon-180b", "falcon 180b tii license"),
        title("LicenseRef-falcon-llm", "tii falcon llm license", "falcon llm license"),
        title("LicenseRef-mistral-research", "mistral ai research license"),
        title("LicenseRef-mistral-non-production", "mistral ai non production license"),
        title("LicenseRef-stability-community", "stability ai community license"),
        title(
            "LicenseRef-stability-non-commercial", "stability ai non commercial research community license",
            "stable cascade non commercial"),
        title("LicenseRef-flux-1-dev-non-commercial", "flux.1 dev non commercial license", "flux 1 dev non commercial"),
        title("LicenseRef-nvidia-open-model", "nvidia open model license"),
        title("LicenseRef-tencent-hunyuan-community", "hunyuan community license", "tencent hunyuan community"),
        title("LicenseRef-exaone-nc", "exaone ai model license"),
        title("LicenseRef-jamba-open-model", "jamba open model license"),
        title("LicenseRef-yi", "yi series models community license", "yi series models license"),
        title("LicenseRef-commons-clause", "commons clause license condition"),
    ]

    private static func title(_ id: String, _ phrases: String...) -> Title { Title(id: id, phrases: phrases) }
}
