/// Phrases that show what a clause asks for. They find what a clause is about, not what it means: what they find makes
/// a text another licence, for people to look at.
enum LicenseCues {
    /// Words that turn a term into another one wherever they are put in.
    private static let turning: Set<String> = [
        "non", "noncommercial", "commercial", "commercially", "prohibited", "forbidden", "prohibit", "forbid",
        "never", "academic", "research", "military", "except", "not", "only", "unless", "solely", "exclusively",
        "royalty", "fee", "must", "shall", "cannot", "revoke", "revocable", "consent", "evaluation", "restrict",
        "restricted", "restrictions", "provided",
    ]

    /// Words that only stand in the name of somebody.
    private static let names: Set<String> = [
        "the", "copyright", "holder", "holders", "owner", "owners", "author", "authors", "and", "or", "contributors",
        "contributor", "its", "of", "name", "names", "organization", "university", "regents", "foundation", "company",
        "neither", "nor", "by", "above", "listed", "california", "software",
    ]

    /// Whether words that were put into a licence, in the place of others, change what it says.
    /// Text is words joined by spaces.
    static func changesTerms(_ added: String, insteadOf removed: String) -> Bool {
        let turns = added.split(separator: " ").filter { turning.contains(String($0)) }
        guard !turns.isEmpty else { return false }
        let replaced = removed.split(separator: " ").map(String.init)
        // "Acme Research Ltd" where the text has "the copyright holders".
        if !replaced.isEmpty, replaced.allSatisfy(names.contains) {
            return turns.contains { $0 != "research" && $0 != "academic" }
        }
        return turns.contains { !replaced.contains(String($0)) }
    }

    /// Whether text beside a licence restricts what the licence gives.
    static func restricts(_ text: String) -> Bool { !flags(in: text).isEmpty }

    /// What a text seems to ask for.
    static func flags(in text: String) -> [LicenseFlag] {
        guard !text.isEmpty else { return [] }
        let padded = " \(text) "
        return LicenseFlag.allCases.filter { flag in
            phrases[flag]?.contains { padded.contains(" \($0) ") } ?? false
        }
    }

    private static let phrases: [LicenseFlag: [String]] = [
        .nonCommercial: [
            "non commercial", "noncommercial", "non commercially", "noncommercially", "commercial use is not",
            "commercial use is prohibited",
            "not be used commercially", "not be used for commercial", "not use it commercially",
            "no commercial use", "not for commercial", "commercial use requires", "commercial purposes is prohibited",
            "commercial purposes without", "commercial use without", "research purposes only", "research use only",
            "for research only", "only for research", "academic use only", "academic purposes only",
            "only for academic", "solely for research", "solely for academic", "not sell", "commercial license",
            "for any commercial purpose", "commercial use of", "commercial entities", "evaluation only",
            "evaluation purposes only", "personal use only", "commercial use shall", "commercial use must",
            "usage for commercial", "commercially exploit", "does not grant the right to sell",
            "does not include the right to sell", "right to sell the software",
        ],
        .noDerivatives: [
            "no derivatives", "no derivative works", "noderivatives", "may not modify", "must not modify",
            "modification is not permitted", "modifications are not permitted", "not be modified",
            "not create derivative works", "not distribute modified",
        ],
        .useRestrictions: [
            "additional condition", "additional conditions", "additional restriction", "additional restrictions",
            "following restriction", "following restrictions", "further restriction", "additional terms",
            "additional clause", "use restriction", "use restrictions", "use based restrictions", "you agree not to",
            "must not be used", "may not be used", "shall not be used", "may not use", "must not use", "shall not use",
            "is prohibited", "are prohibited", "is forbidden", "not permitted", "is not allowed", "not allowed to",
            "commons clause", "military", "surveillance", "weapons", "unlawful", "shall be used for good", "ethical",
            "not train", "train any", "machine learning training", "competing product", "competing service",
            "managed service", "prohibited use", "prohibited uses",
        ],
        .acceptableUsePolicy: ["acceptable use policy", "acceptable use"],
        .userCap: ["monthly active users", "annual revenue", "annual recurring revenue"],
        .shareAlike: ["share alike", "sharealike"],
        .naming: ["must display", "must include the name"],
        .networkCopyleft: ["over a network must", "interacting with it remotely"],
    ]
}
