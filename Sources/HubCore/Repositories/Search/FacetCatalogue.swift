/// The tags every hub knows, whether or not a repository here carries them: tasks, libraries, languages, licences and
/// sizes, as the community writes them.
package struct FacetCatalogue: Sendable {
    package struct Entry: Sendable, Hashable {
        package let value: String
        /// What people read.
        package let label: String
        /// The field of work that a task belongs to.
        package let field: String?
    }

    /// The entries of one group of tags; empty for groups that have no end, such as datasets.
    package static func entries(_ facet: CardFacet.Kind) -> [Entry] {
        switch facet {
        case .pipelineTag, .taskCategory: tasks
        case .library: libraries
        case .language: languages
        case .license: licenses
        case .sizeCategory: sizes
        default: []
        }
    }

    private static func entries(_ text: String, field: String? = nil) -> [Entry] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: "|", maxSplits: 1).map(String.init)
            return Entry(value: parts[0], label: parts.count > 1 ? parts[1] : words(parts[0]), field: field)
        }
    }

    /// `text-to-image` as people read it.
    private static func words(_ value: String) -> String {
        value.split(separator: "-").enumerated().map { index, word in
            index > 0 && word == "to" ? "to" : word.prefix(1).uppercased() + word.dropFirst()
        }.joined(separator: " ")
    }

    private static let tasks: [Entry] =
        entries(
            """
            text-generation
            text-classification
            token-classification
            table-question-answering
            question-answering
            zero-shot-classification
            translation
            summarization
            feature-extraction
            fill-mask
            sentence-similarity
            text-ranking
            """, field: "nlp")
        + entries(
            """
            text-to-speech
            text-to-audio
            automatic-speech-recognition
            audio-to-audio
            audio-classification
            voice-activity-detection
            """, field: "audio")
        + entries(
            """
            depth-estimation
            image-classification
            object-detection
            image-segmentation
            text-to-image
            image-to-text
            image-to-image
            image-to-video
            unconditional-image-generation
            video-classification
            text-to-video
            zero-shot-image-classification
            mask-generation
            zero-shot-object-detection
            text-to-3d|Text to 3D
            image-to-3d|Image to 3D
            image-feature-extraction
            keypoint-detection
            video-to-video
            """, field: "cv")
        + entries(
            """
            audio-text-to-text
            image-text-to-text
            image-text-to-image
            image-text-to-video
            visual-question-answering
            document-question-answering
            video-text-to-text
            visual-document-retrieval
            any-to-any
            """, field: "multimodal")
        + entries(
            """
            tabular-classification
            tabular-regression
            time-series-forecasting
            """, field: "tabular")
        + entries(
            """
            reinforcement-learning
            robotics
            """, field: "rl")
        + entries("graph-machine-learning", field: "other")

    private static let libraries = entries(
        """
        pytorch|PyTorch
        tf|TensorFlow
        jax|JAX
        transformers|Transformers
        diffusers|Diffusers
        sentence-transformers|Sentence Transformers
        safetensors|Safetensors
        onnx|ONNX
        gguf|GGUF
        transformers.js|Transformers.js
        mlx|MLX
        keras|Keras
        peft|PEFT
        trl|TRL
        timm|timm
        flair|Flair
        spacy|spaCy
        stanza|Stanza
        fasttext|fastText
        fairseq|fairseq
        espnet|ESPnet
        nemo|NeMo
        speechbrain|SpeechBrain
        pyannote-audio|pyannote.audio
        asteroid|Asteroid
        adapter-transformers|Adapters
        allennlp|AllenNLP
        open_clip|OpenCLIP
        setfit|SetFit
        span-marker|SpanMarker
        bertopic|BERTopic
        fastai|fastai
        sklearn|Scikit-learn
        skops|Skops
        stable-baselines3|Stable-Baselines3
        ml-agents|ML-Agents
        paddlenlp|PaddleNLP
        paddlepaddle|PaddlePaddle
        mindspore|MindSpore
        openvino|OpenVINO
        coreml|Core ML
        tflite|TF Lite
        rust|Rust
        joblib|Joblib
        unity-sentis|Unity Sentis
        ultralytics|Ultralytics
        vllm|vLLM
        llamafile|llamafile
        axolotl|Axolotl
        lerobot|LeRobot
        modelscope|ModelScope
        """)

    private static let languages = entries(
        """
        af|Afrikaans
        am|Amharic
        ar|Arabic
        as|Assamese
        az|Azerbaijani
        be|Belarusian
        bg|Bulgarian
        bn|Bengali
        bo|Tibetan
        br|Breton
        bs|Bosnian
        ca|Catalan
        cs|Czech
        cy|Welsh
        da|Danish
        de|German
        el|Greek
        en|English
        eo|Esperanto
        es|Spanish
        et|Estonian
        eu|Basque
        fa|Persian
        fi|Finnish
        fr|French
        ga|Irish
        gl|Galician
        gu|Gujarati
        ha|Hausa
        he|Hebrew
        hi|Hindi
        hr|Croatian
        hu|Hungarian
        hy|Armenian
        id|Indonesian
        ig|Igbo
        is|Icelandic
        it|Italian
        ja|Japanese
        jv|Javanese
        ka|Georgian
        kk|Kazakh
        km|Khmer
        kn|Kannada
        ko|Korean
        ku|Kurdish
        ky|Kyrgyz
        la|Latin
        lo|Lao
        lt|Lithuanian
        lv|Latvian
        mk|Macedonian
        ml|Malayalam
        mn|Mongolian
        mr|Marathi
        ms|Malay
        mt|Maltese
        my|Burmese
        ne|Nepali
        nl|Dutch
        no|Norwegian
        or|Odia
        pa|Punjabi
        pl|Polish
        ps|Pashto
        pt|Portuguese
        ro|Romanian
        ru|Russian
        sa|Sanskrit
        sd|Sindhi
        si|Sinhala
        sk|Slovak
        sl|Slovenian
        so|Somali
        sq|Albanian
        sr|Serbian
        sv|Swedish
        sw|Swahili
        ta|Tamil
        te|Telugu
        tg|Tajik
        th|Thai
        tk|Turkmen
        tl|Tagalog
        tr|Turkish
        tt|Tatar
        ug|Uyghur
        uk|Ukrainian
        ur|Urdu
        uz|Uzbek
        vi|Vietnamese
        xh|Xhosa
        yi|Yiddish
        yo|Yoruba
        yue|Cantonese
        zh|Chinese
        zu|Zulu
        code|Code
        multilingual|Multilingual
        """)

    private static let licenses = entries(
        """
        apache-2.0|Apache license 2.0
        mit|MIT
        openrail|OpenRAIL license family
        bigscience-openrail-m|BigScience OpenRAIL-M
        creativeml-openrail-m|CreativeML OpenRAIL-M
        bigscience-bloom-rail-1.0|BigScience BLOOM RAIL 1.0
        bigcode-openrail-m|BigCode OpenRAIL-M
        afl-3.0|Academic Free License v3.0
        artistic-2.0|Artistic license 2.0
        bsl-1.0|Boost Software License 1.0
        bsd|BSD license family
        bsd-2-clause|BSD 2-clause "Simplified" license
        bsd-3-clause|BSD 3-clause "New" or "Revised" license
        bsd-3-clause-clear|BSD 3-clause Clear license
        c-uda|Computational Use of Data Agreement
        cc|Creative Commons license family
        cc0-1.0|Creative Commons Zero v1.0 Universal
        cc-by-2.0|Creative Commons Attribution 2.0
        cc-by-3.0|Creative Commons Attribution 3.0
        cc-by-4.0|Creative Commons Attribution 4.0
        cc-by-sa-3.0|Creative Commons Attribution Share Alike 3.0
        cc-by-sa-4.0|Creative Commons Attribution Share Alike 4.0
        cc-by-nc-2.0|Creative Commons Attribution Non Commercial 2.0
        cc-by-nc-3.0|Creative Commons Attribution Non Commercial 3.0
        cc-by-nc-4.0|Creative Commons Attribution Non Commercial 4.0
        cc-by-nd-4.0|Creative Commons Attribution No Derivatives 4.0
        cc-by-nc-nd-4.0|Creative Commons Attribution Non Commercial No Derivatives 4.0
        cc-by-nc-sa-4.0|Creative Commons Attribution Non Commercial Share Alike 4.0
        cdla-sharing-1.0|Community Data License Agreement – Sharing, Version 1.0
        cdla-permissive-1.0|Community Data License Agreement – Permissive, Version 1.0
        cdla-permissive-2.0|Community Data License Agreement – Permissive, Version 2.0
        wtfpl|Do What The F*ck You Want To Public License
        ecl-2.0|Educational Community License v2.0
        epl-1.0|Eclipse Public License 1.0
        epl-2.0|Eclipse Public License 2.0
        etalab-2.0|Etalab Open License 2.0
        eupl-1.1|European Union Public License 1.1
        eupl-1.2|European Union Public License 1.2
        agpl-3.0|GNU Affero General Public License v3.0
        gfdl|GNU Free Documentation License family
        gpl|GNU General Public License family
        gpl-2.0|GNU General Public License v2.0
        gpl-3.0|GNU General Public License v3.0
        lgpl|GNU Lesser General Public License family
        lgpl-2.1|GNU Lesser General Public License v2.1
        lgpl-3.0|GNU Lesser General Public License v3.0
        isc|ISC
        lppl-1.3c|LaTeX Project Public License v1.3c
        ms-pl|Microsoft Public License
        mpl-2.0|Mozilla Public License 2.0
        odc-by|Open Data Commons License Attribution family
        odbl|Open Database License family
        openrail++|Open Rail++-M License
        osl-3.0|Open Software License 3.0
        postgresql|PostgreSQL License
        ofl-1.1|SIL Open Font License 1.1
        ncsa|University of Illinois/NCSA Open Source License
        unlicense|The Unlicense
        zlib|zLib License
        pddl|Open Data Commons Public Domain Dedication and License
        lgpl-lr|Lesser General Public License For Linguistic Resources
        deepfloyd-if-license|DeepFloyd IF Research License Agreement
        llama2|Llama 2 Community License Agreement
        llama3|Llama 3 Community License Agreement
        llama3.1|Llama 3.1 Community License Agreement
        llama3.2|Llama 3.2 Community License Agreement
        llama3.3|Llama 3.3 Community License Agreement
        llama4|Llama 4 Community License Agreement
        gemma|Gemma Terms of Use
        unknown|Unknown
        other|Other
        """)

    private static let sizes = entries(
        """
        n<1K|n<1K
        1K<n<10K|1K<n<10K
        10K<n<100K|10K<n<100K
        100K<n<1M|100K<n<1M
        1M<n<10M|1M<n<10M
        10M<n<100M|10M<n<100M
        100M<n<1B|100M<n<1B
        1B<n<10B|1B<n<10B
        10B<n<100B|10B<n<100B
        100B<n<1T|100B<n<1T
        n>1T|n>1T
        """)
}
