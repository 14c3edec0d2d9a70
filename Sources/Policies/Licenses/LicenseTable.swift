/// What is known about licence identifiers: obligations by identifier, and the spellings that mean them.
enum LicenseTable {
    struct Entry: Sendable {
        let id: String
        let flags: Set<LicenseFlag>
        let recognition: License.Recognition
    }

    /// By canonical identifier in lower case.
    static let entries: [String: Entry] = {
        var entries: [String: Entry] = [:]
        func add(_ ids: String, _ flags: Set<LicenseFlag>, _ recognition: License.Recognition = .spdx) {
            for id in ids.split(separator: " ") {
                entries[id.lowercased()] = Entry(id: String(id), flags: flags, recognition: recognition)
            }
        }
        add(noConditions, [])
        add(permissive, [.attribution])
        add(weakCopyleft, [.attribution, .weakCopyleft])
        add(strongCopyleft, [.attribution, .strongCopyleft])
        add(networkCopyleft, [.attribution, .strongCopyleft, .networkCopyleft])
        add(shareAlikeData, [.attribution, .shareAlike])
        add("PolyForm-Noncommercial-1.0.0 NCGL-UK-2.0", [.attribution, .nonCommercial])
        add("PolyForm-Small-Business-1.0.0", [.attribution, .userCap])
        add("BUSL-1.1 Elastic-2.0 Hippocratic-2.1 JSON", [.attribution, .useRestrictions])
        for (flags, ids) in vendors { add(ids, flags, .reference) }
        for (flags, ids) in SPDXIdentifiers.byFlags { add(ids, flags) }
        // What all members of a family have in common is known.
        add("cc", [.familyAmbiguous, .noInformation], .family)
        add("bsd", [.attribution, .familyAmbiguous, .noInformation], .family)
        add("gpl", [.attribution, .strongCopyleft, .familyAmbiguous, .noInformation], .family)
        add("lgpl", [.attribution, .weakCopyleft, .familyAmbiguous, .noInformation], .family)
        add("gfdl", [.attribution, .shareAlike, .familyAmbiguous, .noInformation], .family)
        add("openrail", [.attribution, .useRestrictions, .familyAmbiguous, .noInformation], .family)
        add("other unknown", [.noInformation], .noInformation)
        for (id, flags) in creativeCommons + gnu { add(id, flags) }
        return entries
    }()

    /// Spellings in lower case to canonical identifiers. Hugging Face's own identifiers are among them.
    static let aliases: [String: String] = {
        var aliases = hubIdentifiers
        for (spelling, id) in spellings { aliases[spelling] = id }
        // SPDX's deprecated short GNU forms: without "or later" we read "only", the stricter of the two.
        for (id, _) in gnu where id.hasSuffix("-only") {
            let short = id.dropLast("-only".count).lowercased()
            aliases[short] = id
            aliases[short + "+"] = id.dropLast("-only".count) + "-or-later"
        }
        for entry in entries.values where entry.recognition == .reference {
            aliases[entry.id.dropFirst("LicenseRef-".count).lowercased()] = entry.id
        }
        return aliases
    }()

    /// Every identifier worth suggesting.
    static let suggestions: [String] =
        entries.values.map(\.id).sorted() + Array(aliases.keys).sorted()

    // MARK: - Data

    private static let noConditions =
        "0BSD CC-PDDC CC0-1.0 MIT-0 PDDL-1.0 Unlicense WTFPL ANTLR-PD blessing NIST-PD SAX-PD DL-DE-ZERO-2.0"

    private static let permissive = """
        AAL AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0 Apache-1.0 Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-2.0 \
        BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-2-Clause-Views BSD-3-Clause BSD-3-Clause-Attribution \
        BSD-3-Clause-Clear BSD-3-Clause-LBNL BSD-3-Clause-No-Nuclear-License BSD-4-Clause BSD-4-Clause-UC \
        BSD-Source-Code BSL-1.0 Beerware BlueOak-1.0.0 C-UDA-1.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CECILL-B \
        CNRI-Python DL-DE-BY-2.0 ECL-1.0 ECL-2.0 EFL-2.0 EUDatagrid FSFAP FTL Fair HPND ICU IJG ISC ImageMagick Intel \
        Libpng MIT MIT-CMU MIT-Modern-Variant MIT-advertising MS-PL MirOS MulanPSL-1.0 MulanPSL-2.0 NASA-1.3 NCSA \
        NIST-Software NLOD-1.0 NLOD-2.0 NTP Naumen O-UDA-1.0 ODC-By-1.0 OFL-1.0 OFL-1.1 OGL-Canada-2.0 OGL-UK-1.0 \
        OGL-UK-2.0 OGL-UK-3.0 OLDAP-2.8 OpenMDW-1.0 OpenMDW-1.1 OpenSSL PHP-3.0 PHP-3.01 PSF-2.0 PostgreSQL Python-2.0 \
        Ruby SGI-B-2.0 TCL UPL-1.0 Unicode-3.0 Unicode-DFS-2016 Vim W3C X11 Xnet ZPL-2.0 ZPL-2.1 Zlib bzip2-1.0.6 curl \
        etalab-2.0 libpng-2.0 libtiff LPPL-1.0 LPPL-1.1 LPPL-1.2 LPPL-1.3a LPPL-1.3c
        """

    private static let weakCopyleft = """
        APSL-2.0 CDDL-1.0 CDDL-1.1 CECILL-C CERN-OHL-W-2.0 CPL-1.0 EPL-1.0 EPL-2.0 EUPL-1.0 EUPL-1.1 EUPL-1.2 IPL-1.0 \
        LGPLLR MPL-1.0 MPL-1.1 MPL-2.0 MPL-2.0-no-copyleft-exception MS-RL SPL-1.0
        """

    private static let strongCopyleft = """
        CECILL-2.0 CECILL-2.1 CERN-OHL-S-2.0 QPL-1.0 Sleepycat copyleft-next-0.3.1
        """

    private static let networkCopyleft = "CPAL-1.0 OSL-1.0 OSL-1.1 OSL-2.0 OSL-2.1 OSL-3.0 RPL-1.5 SSPL-1.0"

    private static let shareAlikeData = "CDLA-Sharing-1.0 ODbL-1.0"

    private static let vendors: [(Set<LicenseFlag>, String)] = [
        (
            [.attribution, .useRestrictions],
            """
            LicenseRef-bigscience-openrail-m LicenseRef-creativeml-openrail-m LicenseRef-bigscience-bloom-rail-1.0 \
            LicenseRef-bigcode-openrail-m LicenseRef-openrail++
            """
        ),
        ([.attribution, .acceptableUsePolicy, .userCap, .gatedAcceptance], "LicenseRef-llama2"),
        (
            [.attribution, .acceptableUsePolicy, .naming, .userCap, .gatedAcceptance],
            "LicenseRef-llama3 LicenseRef-llama3.1 LicenseRef-llama3.2 LicenseRef-llama3.3 LicenseRef-llama4"
        ),
        ([.acceptableUsePolicy, .useRestrictions, .gatedAcceptance], "LicenseRef-gemma"),
        ([.attribution, .acceptableUsePolicy, .naming, .userCap], "LicenseRef-grok2-community"),
        (
            [.attribution, .nonCommercial],
            """
            LicenseRef-h-research LicenseRef-intel-research LicenseRef-apple-amlr LicenseRef-apple-ascl \
            LicenseRef-fair-noncommercial-research-license
            """
        ),
        ([.attribution, .nonCommercial, .useRestrictions, .gatedAcceptance], "LicenseRef-deepfloyd-if-license"),
        // Not on Hugging Face's list; cards name them by `license_name`.
        ([.attribution, .userCap], "LicenseRef-qwen LicenseRef-tongyi-qianwen LicenseRef-yi LicenseRef-falcon-llm"),
        (
            [.attribution, .nonCommercial],
            """
            LicenseRef-qwen-research LicenseRef-tongyi-qianwen-research LicenseRef-mistral-research \
            LicenseRef-mistral-non-production LicenseRef-stability-non-commercial \
            LicenseRef-flux-1-dev-non-commercial LicenseRef-exaone-nc
            """
        ),
        ([.attribution, .useRestrictions], "LicenseRef-deepseek LicenseRef-commons-clause"),
        ([.attribution, .acceptableUsePolicy, .useRestrictions], "LicenseRef-falcon-180b"),
        ([.attribution, .acceptableUsePolicy, .naming, .userCap], "LicenseRef-stability-community"),
        ([.attribution, .acceptableUsePolicy, .userCap], "LicenseRef-tencent-hunyuan-community"),
        ([.attribution, .useRestrictions, .naming], "LicenseRef-nvidia-open-model"),
        ([.attribution, .acceptableUsePolicy, .userCap], "LicenseRef-jamba-open-model"),
    ]

    private static let creativeCommons: [(String, Set<LicenseFlag>)] = {
        let kinds: [(String, Set<LicenseFlag>)] = [
            ("CC-BY", [.attribution]),
            ("CC-BY-SA", [.attribution, .shareAlike]),
            ("CC-BY-ND", [.attribution, .noDerivatives]),
            ("CC-BY-NC", [.attribution, .nonCommercial]),
            ("CC-BY-NC-SA", [.attribution, .nonCommercial, .shareAlike]),
            ("CC-BY-NC-ND", [.attribution, .nonCommercial, .noDerivatives]),
        ]
        return kinds.flatMap { kind in
            ["1.0", "2.0", "2.5", "3.0", "4.0"].map { ("\(kind.0)-\($0)", kind.1) }
        }
    }()

    private static let gnu: [(String, Set<LicenseFlag>)] = {
        let kinds: [(String, Set<LicenseFlag>)] = [
            ("GPL-1.0", [.attribution, .strongCopyleft]), ("GPL-2.0", [.attribution, .strongCopyleft]),
            ("GPL-3.0", [.attribution, .strongCopyleft]),
            ("LGPL-2.0", [.attribution, .weakCopyleft]), ("LGPL-2.1", [.attribution, .weakCopyleft]),
            ("LGPL-3.0", [.attribution, .weakCopyleft]),
            ("AGPL-1.0", [.attribution, .strongCopyleft, .networkCopyleft]),
            ("AGPL-3.0", [.attribution, .strongCopyleft, .networkCopyleft]),
            ("GFDL-1.1", [.attribution, .shareAlike]), ("GFDL-1.2", [.attribution, .shareAlike]),
            ("GFDL-1.3", [.attribution, .shareAlike]),
        ]
        return kinds.flatMap { kind in ["only", "or-later"].map { ("\(kind.0)-\($0)", kind.1) } }
    }()

    /// Hugging Face identifiers whose canonical form is not the same word in another case.
    /// Mind that `bsl-1.0` is Boost; the Business Source License is `BUSL-1.1`.
    private static let hubIdentifiers: [String: String] = [
        "c-uda": "C-UDA-1.0",
        "odc-by": "ODC-By-1.0",
        "odbl": "ODbL-1.0",
        "pddl": "PDDL-1.0",
        "lgpl-lr": "LGPLLR",
    ]

    private static let spellings: [String: String] = [
        "apache": "Apache-2.0", "apache 2.0": "Apache-2.0", "apache2": "Apache-2.0", "apache-2": "Apache-2.0",
        "apache2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0",
        "apache_2.0": "Apache-2.0", "mit license": "MIT", "the mit license": "MIT", "expat": "MIT",
        "bsd-2": "BSD-2-Clause", "bsd-3": "BSD-3-Clause", "bsd 3-clause": "BSD-3-Clause",
        "new bsd": "BSD-3-Clause", "simplified bsd": "BSD-2-Clause",
        "cc0": "CC0-1.0", "cc-0": "CC0-1.0", "cc0 1.0": "CC0-1.0",
        "cc by 4.0": "CC-BY-4.0", "cc by-sa 4.0": "CC-BY-SA-4.0", "cc by-nc 4.0": "CC-BY-NC-4.0",
        "cc by-nc-sa 4.0": "CC-BY-NC-SA-4.0", "cc by-nc-nd 4.0": "CC-BY-NC-ND-4.0",
        "gplv2": "GPL-2.0-only", "gplv3": "GPL-3.0-only", "agplv3": "AGPL-3.0-only", "lgplv3": "LGPL-3.0-only",
        "lgplv2.1": "LGPL-2.1-only", "mpl2": "MPL-2.0", "boost": "BSL-1.0",
        "openmdw": "OpenMDW-1.0", "licenseref-openmdw-1.0": "OpenMDW-1.0", "licenseref-openmdw-1.1": "OpenMDW-1.1",
        "the unlicense": "Unlicense", "none": "unknown",
        "bsd-3-clause license": "BSD-3-Clause", "bsd 2-clause": "BSD-2-Clause", "modified bsd": "BSD-3-Clause",
        "isc license": "ISC", "zlib license": "Zlib", "boost software license 1.0": "BSL-1.0",
        "mpl 2.0": "MPL-2.0", "mozilla public license 2.0": "MPL-2.0", "apache license v2.0": "Apache-2.0",
        "cc by-nd 4.0": "CC-BY-ND-4.0",
        "gpl v2": "GPL-2.0-only", "gpl v3": "GPL-3.0-only", "agpl v3": "AGPL-3.0-only",
        "gplv2+": "GPL-2.0-or-later", "gplv3+": "GPL-3.0-or-later", "lgplv2.1+": "LGPL-2.1-or-later",
        "lgplv3+": "LGPL-3.0-or-later", "agplv3+": "AGPL-3.0-or-later", "gpl3": "GPL-3.0-only", "gpl2": "GPL-2.0-only",
        "openrail-m": "openrail", "openrail-m++": "LicenseRef-openrail++",
        "bsl": "BUSL-1.1", "busl": "BUSL-1.1", "noassertion": "unknown",
        "llama-2": "LicenseRef-llama2", "llama-3": "LicenseRef-llama3", "llama-3.1": "LicenseRef-llama3.1",
        "llama-3.2": "LicenseRef-llama3.2", "llama-3.3": "LicenseRef-llama3.3", "llama-4": "LicenseRef-llama4",
        "llama-2-community-license": "LicenseRef-llama2", "llama-3-community-license": "LicenseRef-llama3",
        "llama3.1-community": "LicenseRef-llama3.1", "gemma-terms-of-use": "LicenseRef-gemma",
        "tongyi-qianwen-license": "LicenseRef-tongyi-qianwen", "qwen-license": "LicenseRef-qwen",
        "tongyi-qianwen-research": "LicenseRef-tongyi-qianwen-research",
        "deepseek-license": "LicenseRef-deepseek", "falcon-llm-license": "LicenseRef-falcon-llm",
        "mrl": "LicenseRef-mistral-research", "mnpl": "LicenseRef-mistral-non-production",
        "stabilityai-ai-community": "LicenseRef-stability-community",
        "stabilityai-nc-research-community": "LicenseRef-stability-non-commercial",
        "flux-1-dev-non-commercial-license": "LicenseRef-flux-1-dev-non-commercial",
        "nvidia-open-model-license": "LicenseRef-nvidia-open-model", "exaone": "LicenseRef-exaone-nc",
        "tencent-hunyuan-community": "LicenseRef-tencent-hunyuan-community",
        "jamba-open-model-license": "LicenseRef-jamba-open-model", "yi-license": "LicenseRef-yi",
    ]
}
