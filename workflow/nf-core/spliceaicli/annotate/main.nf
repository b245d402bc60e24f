process SPLICEAICLI_ANNOTATE {
    tag "${meta.id}"
    label 'process_medium'

    conda "${moduleDir}/environment.yml"
    container "biocontainers/spliceai-cli:0.2.0--py312_0"

    input:
    tuple val(meta), path(vcf)
    tuple val(meta2), path(fasta), path(fai)
    tuple val(meta3), path(genes)
    path weights

    output:
    tuple val(meta), path("${prefix}.vcf.gz"), emit: vcf
    tuple val(meta), path("${prefix}.vcf.gz.tbi"), emit: tbi
    tuple val(meta), path("${prefix}.stats.json"), emit: stats
    tuple val("${task.process}"), val('spliceai-cli'), eval("spliceai-cli --version | sed 's/.* //'"), emit: versions_spliceaicli, topic: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def genes_arg = genes ? "-A ${genes}" : ''
    prefix = task.ext.prefix ?: "${meta.id}.spliceai"
    """
    export SPLICEAI_CLI_HOME="\$PWD/${weights}"

    spliceai-cli annotate \\
        -I ${vcf} \\
        -R ${fasta} \\
        ${genes_arg} \\
        ${args} \\
        --threads ${task.cpus} \\
        --memory ${task.memory.toMega()}M \\
        --no-annotation-cache \\
        --no-progress \\
        --write-index tbi \\
        --stats ${prefix}.stats.json \\
        -O ${prefix}.vcf.gz
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}.spliceai"
    """
    echo | gzip > ${prefix}.vcf.gz
    touch ${prefix}.vcf.gz.tbi
    echo '{}' > ${prefix}.stats.json
    """
}
