// The machine's part of context.h, for x86-64 and the System V ABI.
//
// A stopped context's stack, from its sp upwards:
//    0  mxcsr (4 bytes), x87 control word (2 bytes)
//    8  r15  r14  r13  r12  rbx  rbp
//   56  where it goes on
// struct Context begins with sp (offset 0) and tcb (offset 8).

        .text

        .macro  SAVE
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        subq    $8, %rsp
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        .endm

        .macro  RESTORE_REGISTERS_AND_RETURN
        addq    $8, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .endm

        .macro  RESTORE_AND_RETURN
        ldmxcsr (%rsp)
        fldcw   4(%rsp)
        RESTORE_REGISTERS_AND_RETURN
        .endm

// void weft_context_switch(Context* from, Context* to)
// Loads the floating point control words only if they differ, because that is slow.
        .globl  weft_context_switch
        .hidden weft_context_switch
        .type   weft_context_switch, @function
weft_context_switch:
        SAVE
        movl    (%rsp), %ecx
        movzwl  4(%rsp), %edx
        movq    %rsp, (%rdi)
        movq    (%rsi), %rsp
        movq    8(%rsi), %rax
        wrfsbase %rax
        cmpl    (%rsp), %ecx
        jne     1f
        cmpw    4(%rsp), %dx
        jne     1f
        RESTORE_REGISTERS_AND_RETURN
1:      RESTORE_AND_RETURN
        .size   weft_context_switch, .-weft_context_switch

// void weft_context_call_on(void** sp, void (*function)(), uintptr_t stack)
// As weft_context_call, on another stack, whose end this is (a multiple of 16). An unwinder's walk
// ends there.
        .globl  weft_context_call_on
        .hidden weft_context_call_on
        .type   weft_context_call_on, @function
weft_context_call_on:
        .cfi_startproc
        SAVE
        movq    %rsp, (%rdi)
        movq    %rdi, %rbx
        movq    %rdx, %rsp
        xorl    %ebp, %ebp
        .cfi_undefined %rip
        call    *%rsi
        movq    (%rbx), %rsp
        RESTORE_AND_RETURN
        .cfi_endproc
        .size   weft_context_call_on, .-weft_context_call_on

// void weft_context_call(void** sp, void (*function)())
// Keeps in *sp where weft_context_jump() shall come back to, and calls.
        .globl  weft_context_call
        .hidden weft_context_call
        .type   weft_context_call, @function
weft_context_call:
        SAVE
        movq    %rsp, (%rdi)
        call    *%rsi
        RESTORE_AND_RETURN
        .size   weft_context_call, .-weft_context_call

// void weft_context_jump(void* sp)
        .globl  weft_context_jump
        .hidden weft_context_jump
        .type   weft_context_jump, @function
weft_context_jump:
        movq    %rdi, %rsp
        RESTORE_AND_RETURN
        .size   weft_context_jump, .-weft_context_jump

// void weft_set_thread_pointer(uintptr_t)
        .globl  weft_set_thread_pointer
        .hidden weft_set_thread_pointer
        .type   weft_set_thread_pointer, @function
weft_set_thread_pointer:
        wrfsbase %rdi
        ret
        .size   weft_set_thread_pointer, .-weft_set_thread_pointer

// The first frame of a fiber. Its return address is undefined, which ends an unwinder's walk.
        .globl  weft_context_begin
        .hidden weft_context_begin
        .type   weft_context_begin, @function
weft_context_begin:
        .cfi_startproc
        .cfi_undefined %rip
        call    *%rbx
        ud2
        .cfi_endproc
        .size   weft_context_begin, .-weft_context_begin

        .section .note.GNU-stack, "", @progbits
