version 1.1

# Annotates a VCF in parts; the output is byte for byte that of a single run.
workflow spliceai {
  input {
    File vcf
    File fasta
    File fasta_index
    File? genes
    File weights
    Int n_parts = 20
    String options = ""
    String docker = "spliceai-cli:0.2.0"
  }

  call plan_parts {
    input: vcf = vcf, fasta = fasta, fasta_index = fasta_index, genes = genes, weights = weights,
      n_parts = n_parts, options = options, docker = docker
  }

  scatter (i in range(length(plan_parts.sources))) {
    call run_part {
      input: plan = plan_parts.plan, source = plan_parts.sources[i], number = i + 1, fasta = fasta, fasta_index = fasta_index,
        genes = genes, weights = weights, memory_mb = plan_parts.memory_mb, docker = docker
    }
  }

  call join_parts {
    input: plan = plan_parts.plan, parts = flatten(run_part.written), docker = docker
  }

  output {
    File annotated = join_parts.annotated
    File annotated_index = join_parts.annotated_index
    File stats = join_parts.stats
  }
}

task plan_parts {
  input {
    File vcf
    File fasta
    File fasta_index
    File? genes
    # The folder of `spliceai-cli weights install` as a tar archive.
    File weights
    Int n_parts
    String options
    String docker
  }

  command <<<
    set -euo pipefail
    mkdir weights && tar -xf "~{weights}" -C weights
    export SPLICEAI_CLI_HOME="$PWD/weights"
    spliceai-cli scatter plan "~{vcf}" parts -n ~{n_parts} -R "~{fasta}" ~{"-A " + genes} ~{options} > plan.tsv
    awk '$1 == "memory_mb" { print $2 }' plan.tsv > memory_mb
    seq -f parts/in/%.0f.vcf.gz "$(awk '$1 == "parts" { print $2 }' plan.tsv)" > sources
  >>>

  output {
    File plan = "parts/plan.json"
    Array[File] sources = read_lines("sources")
    Int memory_mb = read_int("memory_mb")
  }

  runtime {
    docker: docker
    memory: "4 GB"
  }
}

task run_part {
  input {
    File plan
    File source
    Int number
    File fasta
    File fasta_index
    File? genes
    File weights
    Int memory_mb
    Int threads = 1
    String docker
  }

  command <<<
    set -euo pipefail
    mkdir -p weights parts/in && tar -xf "~{weights}" -C weights
    export SPLICEAI_CLI_HOME="$PWD/weights"
    cp "~{plan}" parts/plan.json
    cp "~{source}" parts/in/~{number}.vcf.gz
    spliceai-cli scatter run parts ~{number} -R "~{fasta}" ~{"-A " + genes} --threads ~{threads} --memory ~{memory_mb}M \
      --no-progress
  >>>

  output {
    Array[File] written = glob("parts/out/~{number}.*")
  }

  runtime {
    docker: docker
    cpu: threads
    memory: "~{memory_mb} MB"
    maxRetries: 2
  }
}

task join_parts {
  input {
    File plan
    Array[File] parts
    String docker
  }

  command <<<
    set -euo pipefail
    mkdir -p parts/out
    cp "~{plan}" parts/plan.json
    while read -r part; do
      cp "$part" parts/out/
    done < "~{write_lines(parts)}"
    spliceai-cli scatter finish parts -O annotated.vcf.gz --write-index tbi --stats stats.json
  >>>

  output {
    File annotated = "annotated.vcf.gz"
    File annotated_index = "annotated.vcf.gz.tbi"
    File stats = "stats.json"
  }

  runtime {
    docker: docker
    memory: "2 GB"
  }
}
